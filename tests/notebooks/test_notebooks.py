"""Notebooks run from top to bottom on the shipped data, show what is stored in them, and define nothing."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ["01_explore_data", "02_train_and_compare", "03_error_analysis", "04_batch_and_series"]
RUNNER = ROOT / "docs" / "notebooks.py"
SMALL = 40_000

every = pytest.mark.parametrize("name", NAMES)


def cells(path, kind="code"):
    content = json.loads(path.read_text("utf-8"))
    return [cell for cell in content["cells"] if cell["cell_type"] == kind]


def stored(name):
    return ROOT / "notebooks" / f"{name}.ipynb"


def text(cell):
    return "".join(cell["source"])


def varies(cell):
    return "varies" in cell["metadata"].get("tags", [])


@pytest.fixture
def copy(tmp_path):
    """The notebooks beside their data, where they may write what they like."""
    for folder in ("notebooks", "data"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return tmp_path


def executed(folder, name):
    """The notebook run by the program that `make notebooks` runs, with nothing of the user's Jupyter."""
    path = folder / "notebooks" / f"{name}.ipynb"
    own = {
        key: str(folder / key.lower())
        for key in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    left = {key: value for key, value in os.environ.items() if key != "PYTHONWARNINGS"}
    done = subprocess.run(
        [sys.executable, str(RUNNER), str(path)],
        env={**left, **own, "JUPYTER_PLATFORM_DIRS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return path


def test_these_are_all_notebooks():
    assert [path.stem for path in sorted((ROOT / "notebooks").glob("*.ipynb"))] == NAMES


@pytest.mark.slow
@pytest.mark.timeout(3600)
@every
def test_runs_and_shows_what_is_stored(name, copy):
    found, expected = cells(executed(copy, name)), cells(stored(name))
    assert [text(cell) for cell in found] == [text(cell) for cell in expected]
    for cell, before in zip(found, expected, strict=True):
        if varies(cell):
            assert bool(cell["outputs"]) == bool(before["outputs"]), text(cell)
        else:
            assert cell["outputs"] == before["outputs"], f"{text(cell)}\n`make notebooks` writes it anew"


@every
def test_was_run_from_top_to_bottom_without_a_complaint(name):
    found = cells(stored(name))
    assert [cell["execution_count"] for cell in found] == [*range(1, len(found) + 1)]
    outputs = [output for cell in found for output in cell["outputs"]]
    assert outputs
    assert not [one for one in outputs if one["output_type"] == "error" or one.get("name") == "stderr"]


@every
def test_defines_nothing(name):
    forbidden = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    for cell in cells(stored(name)):
        assert not [node for node in ast.walk(ast.parse(text(cell))) if isinstance(node, forbidden)]


@every
def test_stays_small_and_readable_as_text(name):
    """A page of HTML in an output would make every difference unreadable."""
    assert stored(name).stat().st_size < SMALL
    shown = {kind for cell in cells(stored(name)) for one in cell["outputs"] for kind in one.get("data", {})}
    assert shown <= {"text/plain", "image/svg+xml"}


@every
def test_most_of_it_is_the_same_everywhere(name):
    found = cells(stored(name))
    assert sum(map(varies, found)) <= len(found) / 2


@every
def test_links_lead_somewhere(name):
    prose = "\n".join(text(cell) for cell in cells(stored(name), "markdown"))
    links = re.findall(r"\]\(([^)#]+)\)", prose)
    assert links
    assert not [link for link in links if not (ROOT / "notebooks" / link).exists()]
