"""Exported models run where neither torch nor transformers is: in this environment, and in a new one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inference.export import Recipe, export
from zhibiao.schema import GoldReport

ROOT = Path(__file__).parents[2]
ONLY = ROOT / "tests" / "programs" / "only.py"
TRAINING = "torch,transformers,tokenizers,datasets,accelerate,huggingface_hub,onnx,onnxscript"


@pytest.fixture(scope="module")
def model(tagger: Path, tagger_gold: list[GoldReport], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "int8"
    export(tagger, folder, tagger_gold, make=Recipe(int8=True))
    return folder


@pytest.fixture(scope="module")
def for_openvino(
    tagger: Path, tagger_gold: list[GoldReport], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "openvino"
    export(tagger, folder, tagger_gold, make=Recipe("openvino", int8=True))
    return folder


@pytest.fixture(scope="module")
def report(tagger_gold: list[GoldReport], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "shisunwan-2019.txt"
    path.write_text(tagger_gold[0].document.text, "utf-8")
    return path


def run(*command: object) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, env=environment)


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "barred"), [("model", ""), ("for_openvino", ",onnxruntime")])
def test_extract_wants_nothing_of_training(
    engine: str, barred: str, report: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    output = tmp_path / "records.jsonl"
    folder = request.getfixturevalue(engine)
    done = run(sys.executable, ONLY, TRAINING + barred, "extract", report, "-o", output, "--model", folder)
    assert done.returncode == 0, done.stderr
    found = records(output)
    assert len(found) > 20
    assert {record["method"] for record in found} == {"model"}


@pytest.mark.slow
def test_a_model_in_torch_says_what_it_needs(tagger: Path, report: Path, tmp_path: Path) -> None:
    done = run(
        sys.executable, ONLY, TRAINING, "extract", report, "-o", tmp_path / "r.jsonl", "--model", tagger
    )
    assert done.returncode == 2
    assert "torch is not here" in done.stderr
    assert "pip install 'zhibiao[train]'" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("engine", "package", "extra"),
    [("model", "onnxruntime", "infer"), ("for_openvino", "openvino", "openvino")],
)
def test_an_exported_model_says_what_it_needs(
    engine: str, package: str, extra: str, report: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    output, folder = tmp_path / "r.jsonl", request.getfixturevalue(engine)
    done = run(sys.executable, ONLY, package, "extract", report, "-o", output, "--model", folder)
    assert done.returncode == 2
    assert f"{package} is not here" in done.stderr
    assert f"pip install 'zhibiao[{extra}]'" in done.stderr


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_an_installation_without_torch_extracts(model: Path, report: Path, tmp_path: Path) -> None:
    """`pip install zhibiao[infer]` into an environment of its own, from the package index."""
    python = tmp_path / "venv" / "bin" / "python"
    made = run(sys.executable, "-m", "venv", tmp_path / "venv")
    assert made.returncode == 0, made.stderr
    install = ("-m", "pip", "install", "--quiet", "--prefer-binary", "--disable-pip-version-check")
    installed = run(python, *install, "-c", ROOT / "constraints.txt", f"{ROOT}[infer]")
    assert installed.returncode == 0, installed.stderr
    for package in ("torch", "transformers", "onnx"):
        assert run(python, "-c", f"import {package}").returncode != 0, package
    output = tmp_path / "records.jsonl"
    done = run(tmp_path / "venv" / "bin" / "zhibiao", "extract", report, "-o", output, "--model", model)
    assert done.returncode == 0, done.stderr
    ours = tmp_path / "ours.jsonl"
    assert (
        run(sys.executable, "-m", "zhibiao", "extract", report, "-o", ours, "--model", model).returncode == 0
    )
    assert len(records(output)) > 20
    assert records(output) == records(ours)
