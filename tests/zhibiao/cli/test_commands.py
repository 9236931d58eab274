"""Every command has help, stands in docs/cli.md, and costs nothing to list."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from zhibiao.cli import build_app
from zhibiao.version import __version__

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs" / "cli.md").read_text("utf-8")
HEAVY = {
    "docx",
    "jionlp",
    "lxml",
    "numpy",
    "pdfplumber",
    "polars",
    "pyarrow",
    "torch",
    "trafilatura",
    "xlsxwriter",
}
STAGES = {"annotation", "inference", "training"}


def commands(group: object, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, command in getattr(group, "commands", {}).items():
        if hasattr(command, "commands"):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name), command


COMMANDS = dict(commands(typer.main.get_command(build_app())))


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)


def test_all_commands_of_this_version_are_there() -> None:
    names = {" ".join(words) for words in COMMANDS}
    assert {"extract", "read", "schema", "view", "demo", "evaluate", "seeds import"} <= names


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_and_option_has_help(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(build_app(), [*words, "--help"])
    assert result.exit_code == 0
    command = COMMANDS[words]
    assert command.help
    for parameter in command.params:
        assert parameter.help, f"{' '.join(words)}: {parameter.name} has no help"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_stands_in_the_docs(words: tuple[str, ...]) -> None:
    assert f"\n## zhibiao {' '.join(words)}\n" in DOCS


def test_every_documented_command_exists() -> None:
    documented = {
        line.removeprefix("## zhibiao ") for line in DOCS.splitlines() if line.startswith("## zhibiao ")
    }
    assert documented == {" ".join(words) for words in COMMANDS}


def test_every_option_of_extract_stands_in_the_docs() -> None:
    section = DOCS.split("## zhibiao extract\n")[1].split("\n## ")[0]
    options = {option for parameter in COMMANDS[("extract",)].params for option in parameter.opts}
    for option in options - {"--help", "-h", "--output", "-q", "inputs"}:
        assert option in section


def test_the_version_is_printed() -> None:
    assert CliRunner().invoke(build_app(), ["--version"]).stdout == f"zhibiao {__version__}\n"


def test_wrong_usage_is_exit_code_2() -> None:
    for arguments in (["nonsense"], ["extract", "--nonsense"], ["read"]):
        assert CliRunner().invoke(build_app(), arguments).exit_code == 2


@pytest.mark.slow
def test_listing_commands_loads_nothing_heavy() -> None:
    done = python("import sys, zhibiao.cli; zhibiao.cli.build_app(); print(*sys.modules)")
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & (HEAVY | STAGES)


@pytest.mark.slow
def test_importing_the_package_loads_nothing_but_itself() -> None:
    done = python("import sys, zhibiao; print(*(name for name in sys.modules if name.startswith('zhibiao')))")
    assert set(done.stdout.split()) == {"zhibiao", "zhibiao.version"}


@pytest.mark.slow
def test_help_is_instant() -> None:
    # Processor time, since the machine may be busy; the best of a few.
    def spent() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        python("from zhibiao.cli import main; main()", "--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)

    assert min(spent() for _ in range(3)) < 0.4


@pytest.mark.slow
def test_the_inference_that_is_imported_is_ours() -> None:
    # PyPI has another package that installs a top-level `inference`.
    done = python("import inference, training, annotation; print(inference.__file__)")
    assert Path(done.stdout.strip()) == ROOT / "inference" / "__init__.py"
