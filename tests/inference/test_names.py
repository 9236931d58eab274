"""What a batch is called: a model is named by its folder, and loaded only where the work is done."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from inference.extract import Batch, run_batch
from zhibiao.batch import predictor_name, predictor_of
from zhibiao.errors import ConfigError
from zhibiao.jsonl import read_records
from zhibiao.rules import RulePredictor
from zhibiao.tagger.loading import ModelFactory

HEAVY = ("torch", "transformers", "onnxruntime")
BATCH = f"""
import json, sys
from pathlib import Path
from inference.extract import Batch, run_batch
from zhibiao.tagger.loading import ModelFactory

model, report, output, resume = sys.argv[1:]
factory = ModelFactory(Path(model), advised=True)
batch = Batch(
    inputs=[report], outputs=[Path(output)], factory=factory, workers=2, resume=bool(int(resume))
)
summary = run_batch(batch)
heavy = [name for name in {HEAVY} if name in sys.modules]
print(json.dumps([summary.predictor, summary.totals.records, summary.resumed.kept, heavy]))
"""


@pytest.fixture
def written(tmp_path: Path, report: str) -> Path:
    path = tmp_path / "weitang-2023.txt"
    path.write_text(report, "utf-8")
    return path


@pytest.mark.slow
def test_a_factory_is_called_as_its_predictor_is(tagger: Path, tiny_model: Path) -> None:
    for folder in (tagger, tiny_model):
        for factory in (ModelFactory(folder), ModelFactory(folder, linking=False)):
            assert factory.name == factory().name
            advised = replace(factory, advised=True)
            assert advised.name == advised().name == f"{factory.name}+{RulePredictor().name}"
    assert ModelFactory(tagger).name != ModelFactory(tiny_model).name


@pytest.mark.slow
def test_the_process_that_hands_out_the_work_loads_no_weights(
    tagger: Path, written: Path, tmp_path: Path
) -> None:
    output = tmp_path / "records.jsonl"
    name = ModelFactory(tagger)().name + "+" + RulePredictor().name
    for kept in (0, 1):
        command = [sys.executable, "-c", BATCH, tagger, written, output, kept]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == [name, len(list(read_records(output))), kept, []]


@pytest.mark.slow
def test_a_model_that_cannot_be_loaded_is_the_fault_of_no_report(
    tagger: Path, written: Path, tmp_path: Path
) -> None:
    broken, output = tmp_path / "broken", tmp_path / "records.jsonl"
    shutil.copytree(tagger, broken)
    weights = broken / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    batch = Batch(inputs=[str(written)], outputs=[output], factory=ModelFactory(broken))
    with pytest.raises(ConfigError, match=r"model\.safetensors"):
        run_batch(batch)
    assert not output.exists()


@pytest.mark.slow
def test_a_model_that_was_trained_again_is_loaded_again(
    tagger: Path, tiny_model: Path, written: Path, tmp_path: Path
) -> None:
    folder, found = tmp_path / "model", []
    for source in (tagger, tiny_model):
        shutil.copytree(source, folder, dirs_exist_ok=True)
        batch = Batch(
            inputs=[str(written)], outputs=[tmp_path / "records.jsonl"], factory=ModelFactory(folder)
        )
        assert run_batch(batch).predictor == predictor_name(ModelFactory(source))
        found.append(predictor_of(ModelFactory(folder)).name)
    assert found == [ModelFactory(tagger).name, ModelFactory(tiny_model).name]
