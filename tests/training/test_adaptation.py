"""Adapting an encoder: what is read, that it learns, what is written, and what is left when it fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from training.adaptation import AdaptConfig, Job, adapt_encoder, gather
from training.provenance import provenance_from_json
from zhibiao.cli import build_app
from zhibiao.errors import ConfigError, DataError

TEXTS = Path(__file__).parents[2] / "data" / "texts"


def job(*inputs: str, output: Path = Path("unused"), **changes: Any) -> Job:
    seed = changes.pop("seed", 0)
    return Job(inputs=inputs or (str(TEXTS),), output=output, config=AdaptConfig(seed=seed), **changes)


def reports(path: Path, *regions: str) -> str:
    """A corpus of reports of these regions that all say the same of themselves."""
    facts = "全年生产总值同比增长8%。\n群众满意度持续提升，空气质量明显改善。\n新增就业岗位3200个。\n"
    lines = [
        {
            "id": f"{region}-{n}",
            "region": region,
            "level": "city",
            "year": 2024,
            "text": f"{region}{facts * 3}",
        }
        for n, region in enumerate(regions)
    ]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return str(path)


def test_whole_reports_are_read_until_there_are_enough_in_an_order_of_the_seed() -> None:
    found = gather(job(characters=20_000))
    lengths = [len(one.text) for one in found.learned]
    assert found.characters() >= 20_000 > found.characters() - lengths[-1]
    assert sum(len(one.text) for one in found.held_out) >= 1_000
    ids = [one.id for one in (*found.held_out, *found.learned)]
    assert len(set(ids)) == len(ids)
    again, other = gather(job(characters=20_000)), gather(job(characters=20_000, seed=1))
    assert [one.id for one in (*again.held_out, *again.learned)] == ids
    assert [one.id for one in (*other.held_out, *other.learned)] != ids
    assert found.failures == []


def test_districts_are_left_out_and_counted(tmp_path: Path) -> None:
    corpus = reports(tmp_path / "c.jsonl", "岚城市", "棠湾市", "岚城市", "云麓市")
    found = gather(
        job(
            corpus,
            without=("岚城市",),
            why_left_out=lambda task, document, names: next((n for n in names if n in document.text), None),
        )
    )
    assert found.left_out == {"岚城市": 2}
    assert {one.id[:3] for one in (*found.learned, *found.held_out)} == {"棠湾市", "云麓市"}


def test_what_cannot_be_read_is_named_and_the_rest_is_taken(tmp_path: Path) -> None:
    corpus = Path(reports(tmp_path / "c.jsonl", "岚城市", "棠湾市"))
    corpus.write_text(corpus.read_text("utf-8") + "{\n", "utf-8")
    found = gather(job(str(corpus)))
    assert (len(found.held_out), len(found.learned)) == (1, 1)
    assert len(found.failures) == 1
    assert found.failures[0].startswith(f"{corpus}:3")


def test_one_report_is_not_enough(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="1 usable reports, 0 left out, 0 failed; it takes two"):
        gather(job(reports(tmp_path / "c.jsonl", "岚城市")))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random two-layer BERT that knows the characters of the fictional reports."""
    import torch
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("tiny")
    known = sorted({one for path in TEXTS.glob("*.txt") for one in path.read_text("utf-8")} - set("\n"))
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused1]", *known]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), "utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
    )
    BertModel(config).save_pretrained(folder)
    return folder


@pytest.mark.slow
def test_the_loss_on_held_out_text_falls_below_that_of_frequencies(tiny: Path, tmp_path: Path) -> None:
    import torch

    from zhibiao.tagger.encoders import load_encoder

    told: list[tuple[int, int, float, int]] = []
    work = Job(
        inputs=(reports(tmp_path / "c.jsonl", *["棠湾市", "云麓市", "岚城市"] * 10),),
        output=tmp_path / "adapted",
        source=str(tiny),
        config=AdaptConfig(epochs=12, tokens=512, rate=3e-3),
    )
    summary = adapt_encoder(work, on_step=lambda *step: told.append(step))
    done = summary.adaptation
    assert done.after.loss < done.before.loss - 0.5
    assert done.after.right > done.before.right
    assert [one[0] for one in told] == list(range(1, done.steps + 1))
    assert told[-1][3] == done.tokens
    old, new = load_encoder(str(tiny)), load_encoder(str(tmp_path / "adapted"))
    assert new.alphabet == old.alphabet
    changed = [
        not torch.equal(a, b) for a, b in zip(old.model.parameters(), new.model.parameters(), strict=True)
    ]
    assert all(changed)
    stated = json.loads((tmp_path / "adapted" / "adapted.json").read_text("utf-8"))
    assert stated["figures"]["after"]["loss"] == done.after.loss
    (seen,) = provenance_from_json(stated["data"], source="adapted.json").silver
    assert {one.id for one in seen.reports} == {one.id for one in summary.gathered.learned}
    assert not {one.id for one in seen.reports} & set(stated["held_out_reports"])


@pytest.mark.slow
def test_the_same_seed_gives_the_same_weights(tiny: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        work = Job(
            inputs=(str(TEXTS),),
            output=tmp_path / name,
            source=str(tiny),
            config=AdaptConfig(),
            characters=6_000,
        )
        adapt_encoder(work, on_step=lambda *step: None)
    first, second = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("first", "second"))
    assert first == second


@pytest.mark.slow
def test_a_stopped_run_leaves_nothing_behind(tiny: Path, tmp_path: Path) -> None:
    def stop(step: int, steps: int, loss: float, tokens: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        adapt_encoder(job(output=tmp_path / "adapted", source=str(tiny), characters=4_000), on_step=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_not_touched(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is there already"):
        adapt_encoder(job(output=tmp_path), on_step=lambda *step: None)


@pytest.mark.slow
def test_the_command_says_what_it_did_and_what_failed(tiny: Path, tmp_path: Path) -> None:
    corpus = Path(reports(tmp_path / "c.jsonl", *["棠湾市", "云麓市"] * 8, "岚城市"))
    corpus.write_text(corpus.read_text("utf-8") + "[]\n", "utf-8")
    output = tmp_path / "adapted"
    words = [
        "encoder",
        "adapt",
        str(corpus),
        "-o",
        str(output),
        "--encoder",
        str(tiny),
        "--characters",
        "2000",
    ]
    done = CliRunner().invoke(
        build_app(), [*words, "--layers", "1", "--without", "岚城", "--without", "无此市"]
    )
    assert done.exit_code == 3, done.output
    assert "without 岚城: 1 left out" in done.stderr
    assert "without 无此市: stands in no report that was read" in done.stderr
    assert "loss" in done.stderr
    assert f"{corpus}:18" in done.stderr
    assert json.loads((output / "config.json").read_text("utf-8"))["num_hidden_layers"] == 1
    again = CliRunner().invoke(build_app(), words)
    assert again.exit_code == 2
    assert "is there already" in again.stderr
