"""The commands that the documentation shows are real: names, options and all that they require."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("[a-z]*/*.md")]
FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"^ {4}\S.*$", re.MULTILINE)


def shown(page: Path) -> set[str]:
    """The commands in the code blocks of a page, fenced or indented; `\\` at a line's end joins the next."""
    text = page.read_text("utf-8")
    code = [*FENCED.findall(text), *INDENTED.findall(FENCED.sub("", text))]
    lines = "\n".join(code).replace("\\\n", " ").splitlines()
    return {line.strip() for line in lines if line.strip().startswith("zhibiao ")}


LINES = sorted((str(page.relative_to(ROOT)), line) for page in PAGES for line in shown(page))


@pytest.mark.parametrize(("page", "line"), LINES)
def test_the_command_is_real(page: str, line: str, parse_command: Callable[[str], list[str]]) -> None:
    parse_command(line)


def test_commands_are_found_and_wrong_ones_are_told(parse_command: Callable[[str], list[str]]) -> None:
    assert len(LINES) > 40
    for wrong in ("zhibiao extrakt a -o b", "zhibiao read", "zhibiao read a b", "zhibiao read a --verbose"):
        with pytest.raises((AssertionError, click.UsageError)):
            parse_command(wrong)
