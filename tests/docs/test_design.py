"""What docs/design.md and CONTRIBUTING.md say of the code is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DESIGN = (ROOT / "docs" / "design.md").read_text("utf-8")
PAGES = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_layers_are_those_that_are_checked() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert "```\n" + "\n".join(layers) + "\n```" in DESIGN


def test_what_is_pointed_at_is_there() -> None:
    table = DESIGN.split("## Where to change what")[1].split("\n## ")[0]
    named = re.findall(r"`([\w/]+/[\w*./]*)`", DESIGN.split("## What came out")[0])
    assert len(named) > 20 and table
    assert [path for path in named if not any(ROOT.glob(path.rstrip("/")))] == []


def test_what_does_not_exist_yet_is_said_to_be_missing() -> None:
    told = DESIGN.split("## What came out otherwise than planned")[1]
    missing = re.findall(r"there is no\s+`([\w/.]+)`", told)
    assert missing
    assert [path for path in missing if (ROOT / path).exists()] == []


def test_every_table_stands_in_the_list() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for path in (ROOT / "zhibiao" / "tables").glob("*.toml"):
        assert f"| `{path.name}` |" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(#[^)]*)?\)", page.read_text("utf-8")):
        path = page.parent / target if target else page
        assert path.exists(), target
        headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE) if anchor else []
        assert not anchor or anchor[1:] in {heading.lower().replace(" ", "-") for heading in headings}, anchor
