"""Any label set: trained from columns, scored as seqeval scores, used from Python, refused for records."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from training.config import TrainConfig, config_from_mapping
from training.tag_files import read_tagged
from zhibiao.cli import build_app
from zhibiao.errors import ConfigError


def config_of(encoder: Path, output: Path, data: dict[str, Any], **schedule: Any) -> TrainConfig:
    content = {
        "data": data,
        "encoder": {"source": str(encoder)},
        "schedule": {"tokens": 64, "mask_noise": 0.0, "learning_rate": 5e-3, "head_rate": 1e-2, **schedule},
        "run": {"output": str(output), "threads": 1},
    }
    return config_from_mapping(content, "test")


@pytest.mark.slow
def test_a_tagger_is_learned_scored_and_used(
    encoder: Path, bmes: Callable[[Path], Path], tmp_path: Path
) -> None:
    from seqeval.metrics import f1_score
    from seqeval.scheme import IOB2

    from training.run import train
    from zhibiao.tagger.loading import load_model
    from zhibiao.tagger.plain import tag

    path = bmes(tmp_path / "train.bmes")
    data = {"format": "conll", "gold": [str(path)], "dev_files": [str(path)]}
    output = tmp_path / "model"
    result = train(config_of(encoder, output, data, epochs=25))
    assert result.lessons.plain is not None
    assert result.lessons.plain.labels == ("人", "地")
    scores = [float(line["score"]) for line in result.position.history]
    assert scores[0] < 0.5 < 0.95 < max(scores) == result.position.best

    texts = read_tagged(path, "conll")
    found = list(tag(load_model(output), [one.text for one in texts]))
    wanted, given = (
        [_tags(len(t.text), s) for t, s in zip(texts, spans, strict=True)]
        for spans in ([one.spans for one in texts], found)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert f1_score(wanted, given, mode="strict", scheme=IOB2) == pytest.approx(result.position.best)

    told = json.loads((output / "training.json").read_text("utf-8"))
    assert told["sentences"] == {"train": 16, "dev": 16}
    assert told["labels"] == ["人", "地"]
    assert list(told["checksums"]) == [str(path), str(path)] or list(told["checksums"]) == [str(path)]
    assert "16 sentences" in (output / "README.md").read_text("utf-8")
    _refused_for_records(output, tmp_path)


def _tags(length: int, spans: Any) -> list[str]:
    tags = ["O"] * length
    for start, end, label in spans:
        tags[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
    return tags


def _refused_for_records(model: Path, folder: Path) -> None:
    from zhibiao import load_predictor

    (folder / "a.txt").write_text("全年产值36亿元。", "utf-8")
    command = ["extract", str(folder / "a.txt"), "-o", str(folder / "r.jsonl"), "--model", str(model)]
    refused = CliRunner().invoke(build_app(), command)
    assert refused.exit_code == 2
    assert "a tagger of 人, 地, and records are made of INDICATOR" in refused.output
    assert not (folder / "r.jsonl").exists()
    with pytest.raises(ConfigError, match="a tagger of 人, 地"):
        load_predictor(model)


@pytest.mark.slow
def test_a_sentence_longer_than_the_encoder_reads_keeps_every_character(encoder: Path) -> None:
    import numpy as np

    from training.plain import plain_dataset
    from training.tag_files import TaggedText
    from zhibiao.tagger.encoders import load_encoder
    from zhibiao.tagger.scheme import IGNORED
    from zhibiao.tagger.settings import Settings
    from zhibiao.tagger.windows import WindowPlan

    settings = Settings(
        labels=("地",), plan=WindowPlan(size=40, context=5, limit=60, gated=False), linking=False
    )
    text = TaggedText("棠湾区，在任职" * 30, ((0, 3, "地"), (203, 206, "地")))
    dataset = plain_dataset([text], load_encoder(str(encoder)).alphabet, settings)
    tags = np.concatenate([np.array(row["tags"]) for row in dataset])
    learned = tags[tags != IGNORED].tolist()
    assert len(learned) == len(text.text)
    assert learned == [1, 2, 2, *[0] * 200, 1, 2, 2, *[0] * 4]
    assert max(len(row["ids"]) for row in dataset) <= 62


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        ({"format": "conll", "gold": ["a"], "dev": ["棠湾区"]}, "format conll has dev_files"),
        ({"format": "bio", "gold": ["a"], "silver": "s.jsonl"}, "format bio has dev_files"),
        ({"gold": ["a"], "dev_files": ["b"]}, "data.dev_files with format gold"),
        ({"format": "iob", "gold": ["a"]}, "data.format"),
    ],
)
def test_a_config_that_mixes_records_and_plain_tagging_is_refused(data: dict[str, Any], finding: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config_from_mapping({"data": data}, "a.toml")
    assert finding in str(caught.value)


@pytest.mark.slow
def test_a_model_of_other_labels_is_no_start(
    encoder: Path, bmes: Callable[[Path], Path], tmp_path: Path
) -> None:
    from training.run import train

    path = bmes(tmp_path / "train.bmes")
    train(config_of(encoder, tmp_path / "first", {"format": "conll", "gold": [str(path)]}, epochs=1))
    other = tmp_path / "other.txt"
    other.write_text("林 S-姓\n", "utf-8")
    config = config_of(encoder, tmp_path / "second", {"format": "conll", "gold": [str(other)]}, epochs=1)
    from dataclasses import replace

    started = replace(config, encoder=replace(config.encoder, start=tmp_path / "first"))
    with pytest.raises(ConfigError, match="has the labels 人, 地, the data have 姓"):
        train(started)
