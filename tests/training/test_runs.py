"""Runs with a real, tiny encoder: the same weights again, after kills too, and clear words when it fails."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from training.config import config_from_mapping
from zhibiao.errors import ConfigError, DataError
from zhibiao.jsonl import dumps, read_gold
from zhibiao.jsonl.gold import gold_to_json

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

MORTAL = Path(__file__).parents[1] / "programs" / "mortal.py"


def run(lessons, output, *, resume=False, on_step=lambda _: None, **changes):
    from training.run import train

    config = config_from_mapping(lessons.config(output, **changes), "test")
    return train(config, resume=resume, on_step=on_step)


def dev(lessons) -> dict[str, object]:
    """The first district chooses the epoch."""
    return {"dev": [lessons.districts[0]]}


def weights(output: Path) -> bytes:
    return (output / "model.safetensors").read_bytes()


def told(output: Path):
    return json.loads((output / "training.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def undisturbed(lessons, tmp_path_factory) -> Path:
    return run(lessons, tmp_path_factory.mktemp("undisturbed") / "model").output


def test_the_same_seed_gives_the_same_weights(lessons, undisturbed, tmp_path):
    assert weights(run(lessons, tmp_path / "again").output) == weights(undisturbed)
    other = run(lessons, tmp_path / "other", run={"seed": 2})
    assert weights(other.output) != weights(undisturbed)


def test_it_learns(tiny_model):
    losses = [line["loss"] for line in told(tiny_model)["history"]]
    assert losses[-1] < losses[0] / 2


def test_what_is_told_of_a_model(lessons, undisturbed):
    story = told(undisturbed)
    assert story["config"]["schedule"]["tokens"] == 1024
    assert story["config"]["schedule"]["clip"] == 1.0, "defaults are spelled out"
    assert story["reports"] == {"train": 4, "dev": 0, "silver": 0}
    assert story["labels"] == ["INDICATOR", "VALUE", "UNIT", "GROWTH", "YEAR"]
    assert set(story["checksums"]) == {str(lessons.gold)}
    assert {"torch", "transformers", "zhibiao"} <= set(story["versions"])
    assert [line["epoch"] for line in story["history"]] == [1, 2]
    card = (undisturbed / "README.md").read_text("utf-8")
    assert "4 annotated reports" in card
    assert f"| gold | 2 | {story['history'][1]['loss']:.4f} |" in card


def test_curves_can_be_read(undisturbed):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(undisturbed.with_name("model.run") / "events"))
    events.Reload()
    figures = [event.value for event in events.Scalars("gold-epoch/loss")]
    assert figures == pytest.approx([line["loss"] for line in told(undisturbed)["history"]], rel=1e-4)


def mortal(config: Path, calls: int, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(MORTAL), "train", str(config), "--quiet", *options]
    environment = {**os.environ, "CALLS": str(calls), "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def test_killed_at_any_moment_it_ends_with_the_same_weights(lessons, tmp_path):
    """Dropout draws random numbers, and a run that goes on has to draw those that it would have drawn."""
    changes = {"encoder": {"dropout": 0.1}}
    whole = run(lessons, tmp_path / "whole", **changes)
    config = lessons.write(
        tmp_path / "config.toml", tmp_path / "killed", run={"save_seconds": 0.0}, **changes
    )
    draw = random.Random(7)
    killed = 0
    for moment in [draw.randrange(1, 60_000) for _ in range(3)]:
        done = mortal(config, moment, "--resume")
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        killed += done.returncode == -signal.SIGKILL
    assert killed
    done = mortal(config, 0, "--resume")
    assert done.returncode == 0, done.stderr
    assert weights(tmp_path / "killed") == weights(whole.output)
    # What the card says is the same too; only sums that were added up in another order may differ.
    for line, other in zip(told(tmp_path / "killed")["history"], told(whole.output)["history"], strict=True):
        assert line == pytest.approx(other)


class Pressed:
    """Presses Ctrl-C at a step."""

    def __init__(self, step: int) -> None:
        self.step = step

    def __call__(self, progress) -> None:
        if progress.step == self.step:
            signal.raise_signal(signal.SIGINT)


def test_ctrl_c_saves_and_resume_goes_on(lessons, undisturbed, tmp_path):
    from training.states import read_position

    output = tmp_path / "model"
    with pytest.raises(KeyboardInterrupt):
        run(lessons, output, on_step=Pressed(3))
    assert not output.exists()
    state = tmp_path / "model.run" / "state.safetensors"
    from safetensors import safe_open

    with safe_open(state, framework="pt") as file:
        position = json.loads(file.metadata()["position"])
    assert (position["step"], position["batch"]) == (3, 3)
    assert read_position(state, position["config"]).step == 3
    assert weights(run(lessons, output, resume=True).output) == weights(undisturbed)


def test_the_command_ends_with_130_and_says_how_to_go_on(lessons, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from zhibiao.cli import build_app
    from zhibiao.cli import training as shown

    monkeypatch.setattr(shown, "_line", Pressed(2))
    config = lessons.write(tmp_path / "config.toml", tmp_path / "model")
    result = CliRunner().invoke(build_app(), ["train", str(config)])
    assert result.exit_code == 130
    assert "--resume" in result.stderr


def test_a_run_of_another_config_is_not_gone_on_with(lessons, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(lessons, tmp_path / "model", on_step=Pressed(1))
    with pytest.raises(ConfigError, match="leave --resume out"):
        run(lessons, tmp_path / "model", resume=True, run={"seed": 5})
    (tmp_path / "model.run" / "state.safetensors").write_bytes(b"broken")
    with pytest.raises(ConfigError, match="not the state of a run"):
        run(lessons, tmp_path / "model", resume=True)


def test_a_loss_that_is_no_number_is_an_error(lessons, tmp_path):
    with pytest.raises(DataError, match=r"diverged; start anew with a lower schedule\.learning_rate"):
        run(lessons, tmp_path / "model", schedule={"learning_rate": 1e30, "head_rate": 1e30})
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("limit", [20_000, 100_000])
def test_a_full_disk_is_told_and_leaves_no_half_file(lessons, tmp_path, limit):
    """No file of the process may grow beyond the limit, which is what a full disk looks like."""
    config = lessons.write(tmp_path / "config.toml", tmp_path / "model")
    done = subprocess.run(
        [sys.executable, "-m", "zhibiao", "train", str(config), "--quiet"],
        capture_output=True,
        text=True,
        env={**os.environ, "HF_DATASETS_CACHE": str(tmp_path / "cache")},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "model").exists()
    assert not list((tmp_path / "model.run").rglob("*.partial"))


def test_an_output_that_is_no_model_is_refused_before_anything_is_learned(lessons, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("第一章", encoding="utf-8")
    steps = []
    with pytest.raises(ConfigError, match=r"choose another run\.output"):
        run(lessons, tmp_path / "thesis", on_step=steps.append)
    assert steps == []
    assert (tmp_path / "thesis" / "chapter.txt").exists()


def test_a_model_is_replaced_by_a_newer_one(lessons, tmp_path):
    first = weights(run(lessons, tmp_path / "model").output)
    again = run(lessons, tmp_path / "model", run={"seed": 9})
    assert weights(again.output) != first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "model.run"]


def test_early_stopping_counts_epochs_without_a_better_score(lessons, tmp_path):
    """Nothing is learned at a rate of 0, so no epoch is better than the first."""
    still = {"epochs": 6, "patience": 2, "learning_rate": 0.0, "head_rate": 0.0}
    position = run(lessons, tmp_path / "model", data=dev(lessons), schedule=still).position
    assert [line["epoch"] for line in position.history] == [1, 2, 3]


def test_the_best_epoch_is_what_is_published(lessons, tmp_path):
    from training.evaluate import evaluate
    from zhibiao.tagger.loading import ModelFactory

    result = run(lessons, tmp_path / "model", data=dev(lessons), schedule={"epochs": 3})
    scores = [line["score"] for line in result.position.history]
    assert result.position.best == max(scores)
    found = evaluate(result.lessons.dev, ModelFactory(result.output, precision="fp32")())
    assert found.whole().records.strict.f1 == pytest.approx(max(scores))


def silver_line(report, sentences, **changes) -> str:
    return dumps({**gold_to_json(report), "sentences": sentences, **changes})


def test_silver_of_dev_and_held_out_districts_is_refused(lessons, tmp_path):
    reports = list(read_gold(lessons.gold))
    sure = [[[one.start, one.end, 1.0] for one in report.document.sentences] for report in reports]
    lines = [silver_line(report, all_sure) for report, all_sure in zip(reports, sure, strict=True)]
    silver = tmp_path / "silver.jsonl"
    silver.write_text("\n".join(lines) + "\n", encoding="utf-8")
    data = dev(lessons) | {"silver": str(silver), "hold_out": [lessons.districts[1]]}
    result = run(lessons, tmp_path / "model", data=data, schedule={"epochs": 1})
    refused = {report.document.id for report in reports[:2]}
    assert refused <= set(result.lessons.silver.refused)
    assert not refused & {report.document.id for report in result.lessons.silver.reports}
    assert [line["phase"] for line in result.position.history] == ["silver", "gold"]
    assert lessons.districts[1] not in {one.document.metadata.district for one in result.lessons.train}


def test_names_that_no_report_has_are_named(lessons, tmp_path):
    for key in ("dev", "hold_out"):
        with pytest.raises(ConfigError, match="无名区"):
            run(lessons, tmp_path / "model", data={key: ["无名区"]})


# MLflow's own database layer warns of itself.
@pytest.mark.filterwarnings("ignore")
def test_mlflow_is_told_if_asked_for(lessons, tmp_path, monkeypatch):
    pytest.importorskip("mlflow")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'runs.db'}")
    result = run(lessons, tmp_path / "model", run={"mlflow": True})
    import mlflow

    (found,) = mlflow.search_runs(experiment_names=["zhibiao"], output_format="list")
    assert found.info.status == "FINISHED"
    assert found.data.params["schedule.tokens"] == "1024"
    last = result.position.history[-1]
    assert found.data.metrics["gold-epoch/loss"] == pytest.approx(last["loss"])


def test_two_processes_lose_what_one_loses(lessons, undisturbed, tmp_path):
    config = lessons.write(tmp_path / "config.toml", tmp_path / "model")
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes", "2"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MASTER_ADDR": "127.0.0.1"}
    done = subprocess.run(
        [*launch, "--main_process_port", "0", "-m", "zhibiao", "train", str(config), "--quiet"],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    two, one = told(tmp_path / "model")["history"], told(undisturbed)["history"]
    assert len(two) == len(one)
    for mine, alone in zip(two, one, strict=True):
        assert mine["loss"] == pytest.approx(alone["loss"], rel=1e-3)


@pytest.mark.parametrize("kind", ["bert", "roberta"])
def test_random_checkpoints_of_berts_kind_train(lessons, tmp_path, kind):
    """The shape of bert-base-chinese, and RoBERTa, whose positions begin behind the padding's."""
    from transformers import BertConfig, BertModel, RobertaConfig, RobertaModel

    shape = {"hidden_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 48}
    vocabulary = (lessons.encoder / "vocab.txt").read_text("utf-8")
    folder = tmp_path / kind
    folder.mkdir()
    (folder / "vocab.txt").write_text(vocabulary, encoding="utf-8")
    rows = len(vocabulary.split("\n"))
    if kind == "bert":
        network = BertModel(BertConfig(vocab_size=rows, max_position_embeddings=512, **shape))
    else:
        network = RobertaModel(
            RobertaConfig(vocab_size=rows, max_position_embeddings=66, pad_token_id=0, **shape)
        )
    network.save_pretrained(folder)
    windows = {"size": 510, "context": 2}
    told_of = lessons.config(tmp_path / "model", encoder={"source": str(folder)}, schedule={"epochs": 1})
    from training.run import train

    result = train(config_from_mapping({**told_of, "windows": windows}, "test"))
    plan = json.loads((result.output / "tagger.json").read_text("utf-8"))["plan"]
    assert plan["limit"] == (510 if kind == "bert" else 63)
