"""The READMEs are true: their tree, commands, record, recipes, links and figures."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest
import typer
from typer.testing import CliRunner

import zhibiao
from zhibiao.cli import build_app
from zhibiao.jsonl import read_gold, record_to_json

ROOT = Path(__file__).parents[1]
READMES = {name: (ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md")}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
TREE = re.compile(r"<!-- tree -->\n(.*)<!-- /tree -->", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(#[^)]*)?\)")
BOTH = pytest.mark.parametrize("readme", READMES)


def blocks(readme: str, language: str) -> list[str]:
    return [body for name, body in BLOCK.findall(TREE.sub("", READMES[readme])) if name == language]


def commands(readme: str) -> list[str]:
    """The `zhibiao` commands that run as they stand; those in blocks of `console` need something more."""
    lines = [line for body in blocks(readme, "sh") for line in body.splitlines()]
    return [line for line in lines if line.startswith("zhibiao ")]


@pytest.fixture(scope="session")
def tree() -> ModuleType:
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout, so no list of the files that belong to the repository")
    spec = importlib.util.spec_from_file_location("readme_tree", ROOT / "docs" / "tree.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def paths_of(block: str) -> set[str]:
    """The files of a tree, from its indentation."""
    folders: list[str] = []
    found = set()
    for line in block.splitlines()[1:-1]:
        name = line.split()[0]
        del folders[(len(line) - len(line.lstrip())) // 2 :]
        if name.endswith("/"):
            folders.append(name)
        else:
            found.add("".join(folders) + name)
    return found


@BOTH
def test_every_file_stands_in_the_tree_and_nothing_else(readme: str, tree: ModuleType) -> None:
    match = TREE.search(READMES[readme])
    assert match
    shown, there = paths_of(match[1]), set(tree.tracked())
    assert (shown - there, there - shown) == (set(), set()), "`make tree` writes it"


@pytest.mark.parametrize(("language", "readme"), [("en", "README.md"), ("zh", "README.zh-CN.md")])
def test_the_tree_says_what_the_files_say(language: str, readme: str, tree: ModuleType) -> None:
    match = TREE.search(READMES[readme])
    assert match and match[1] == tree.tree(language, tree.tracked()), "`make tree` writes it"


def test_nothing_is_said_of_files_and_folders_that_are_not_there(tree: ModuleType) -> None:
    words = tree.Words.load()
    assert [name for name in words.folders if not (ROOT / name).is_dir()] == []
    assert [pattern for pattern in words.files if not any(ROOT.glob(pattern.replace("*/", "**/")))] == []


def leaves(group: object, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in getattr(group, "commands", {}).items():
        yield from leaves(command, (*words, name)) if hasattr(command, "commands") else [(*words, name)]


@BOTH
def test_every_command_is_named(readme: str) -> None:
    names = [" ".join(words) for words in leaves(typer.main.get_command(build_app()))]
    assert [name for name in names if f"zhibiao {name}" not in READMES[readme]] == []


@BOTH
def test_make_targets_and_extras_are_real(readme: str) -> None:
    text = READMES[readme]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= set(re.findall(r"`make ([a-z-]+)`", text)) | {"test"} <= targets
    assert set(re.findall(r"\bmake ([a-z-]+)[` ]", "\n".join(blocks(readme, "sh")))) <= targets
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for extras in re.findall(r"'\.\[([\w,]+)\]'", text):
        assert set(extras.split(",")) <= set(project["optional-dependencies"])


@BOTH
def test_links_lead_somewhere(readme: str) -> None:
    for target, anchor in LINK.findall(READMES[readme]):
        path = ROOT / (target or readme)
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
            assert anchor[1:] in {heading.lower().replace(" ", "-") for heading in headings}, anchor


@BOTH
def test_the_record_is_what_the_code_gives(readme: str, tmp_path: Path) -> None:
    (record_text,) = blocks(readme, "json")
    shown = json.loads(record_text, parse_float=Decimal)
    path = tmp_path / f"{shown['report_id']}.txt"
    path.write_text(blocks(readme, "text")[0], "utf-8")
    assert f"`{path.name}`" in READMES[readme]
    (record,) = zhibiao.extract([zhibiao.read(path)], zhibiao.load_predictor("rules"))
    made = json.loads(json.dumps(record_to_json(record), default=float), parse_float=Decimal)
    assert shown == made
    assert list(shown) == list(made)


def test_both_readmes_show_the_same_code() -> None:
    english, chinese = READMES
    for language in ("sh", "console", "python", "json", "text"):
        one, other = ([re.sub("#.*", "", body) for body in blocks(name, language)] for name in READMES)
        assert one == other, (english, chinese, language)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the recipes may write."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_the_recipes_run_as_they_stand(checkout: Path, parse_command: Callable[[str], list[str]]) -> None:
    for line in commands("README.md"):
        result = CliRunner().invoke(build_app(), parse_command(line))
        assert result.exit_code == 0, (line, result.output)
    made = {path.name for path in (checkout / "out").iterdir()}
    assert {"records.jsonl", "records.csv", "page.html", "silver.jsonl"} <= made


@pytest.mark.slow
def test_the_python_example_runs(checkout: Path) -> None:
    (code,) = blocks("README.md", "python")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=checkout
    )
    assert len(done.stdout.splitlines()) > 20


TOLERANCE = 0.02


def figures(readme: str, path: str) -> tuple[float, float]:
    """Strict and relaxed F1 from the row of the table that ends with the command for `path`."""
    pattern = rf"^\|[^|]*\| (0\.\d\d) \| (0\.\d\d) \|.*`zhibiao evaluate --data {path} --method rules` \|$"
    match = re.search(pattern, READMES[readme], re.MULTILINE)
    assert match
    return float(match[1]), float(match[2])


@pytest.mark.slow
@pytest.mark.parametrize("path", ["data", "seeds"])
def test_the_figures_are_those_of_the_commands(path: str) -> None:
    if path == "seeds" and not (ROOT / "seeds" / "texts").is_dir():
        pytest.skip("the seed texts are not here; `zhibiao seeds import ../shared/seeds` brings them in")
    gold = list(read_gold(ROOT / path))
    documents = (report.document for report in gold)
    scores = zhibiao.score(gold, zhibiao.extract(documents, zhibiao.load_predictor("rules")))
    measured = (scores.strict.f1, scores.relaxed.f1)
    for readme in READMES:
        assert figures(readme, path) == pytest.approx(measured, abs=TOLERANCE)
