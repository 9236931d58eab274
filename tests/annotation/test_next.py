"""What to label next: doubt and disagreement first, then what is new; and it can be pushed as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from annotation.next import Candidate, candidates, choose, write_chosen
from zhibiao.batch import discover, document_of
from zhibiao.cli import build_app
from zhibiao.documents import build
from zhibiao.rules import RulePredictor

TEXT = (
    "全年实现灯会产值36.5亿元，新建茶亭4座。\n新建书屋3座。\n各项工作有序推进，干部作风持续转变，面貌一新。\n"
)
PLAIN = build("各项工作有序推进。", id="plain")


def candidate(doubt: float, disagreement: float, *features: str) -> Candidate:
    return Candidate(PLAIN, (0, 3), doubt, disagreement, 1, frozenset(features))


class Half:
    """Rules that leave out what stands from the library on: a predictor with another opinion."""

    name = "half"

    def predict(self, documents):
        from dataclasses import replace

        for found in RulePredictor().predict(documents):
            middle = found.document.text.find("书屋") - 2
            yield replace(found, spans=tuple(span for span in found.spans if span.end < middle), links=None)


def test_the_most_worthy_comes_first():
    pool = [candidate(0.1, 0.0, "a"), candidate(0.9, 0.8, "a"), candidate(0.2, 0.1, "a")]
    assert [one.candidate for one in choose(pool, 3)] == [pool[1], pool[2], pool[0]]


def test_what_is_like_the_chosen_falls_back():
    pool = [candidate(0.6, 0.6, "茶", "书"), candidate(0.5, 0.5, "茶", "书"), candidate(0.3, 0.3, "灯")]
    chosen = choose(pool, 2)
    assert [one.candidate for one in chosen] == [pool[0], pool[2]]
    assert [one.novelty for one in chosen] == [1.0, 1.0]
    assert choose(pool, 3)[2].novelty == 0.0


POOL = st.lists(
    st.builds(
        lambda doubt, features: candidate(doubt, doubt, *features),
        st.floats(0, 1),
        st.sets(st.sampled_from("茶书灯水"), max_size=4),
    ),
    max_size=12,
)


@given(POOL, st.integers(1, 15))
def test_everybody_is_chosen_at_most_once_and_always_alike(pool, count):
    chosen = choose(pool, count)
    assert len(chosen) == min(count, len(pool))
    assert all(0 <= one.novelty <= 1 for one in chosen)
    assert choose(pool, len(pool))[: len(chosen)] == chosen


def test_disagreement_is_what_only_one_of_them_finds():
    (whole,) = candidates([build(TEXT, id="lancheng")], Half(), RulePredictor())
    assert whole.disagreement == pytest.approx(1 - 2 * 2 / (2 + 3))
    (same,) = candidates([build(TEXT, id="lancheng")], RulePredictor(), RulePredictor())
    assert same.disagreement == 0
    parts = list(candidates([build(TEXT, id="lancheng")], Half(), RulePredictor(), by="paragraph"))
    texts = [one.document.text[slice(*one.offsets)] for one in parts]
    assert texts == TEXT.splitlines()[:2]
    assert parts[1].disagreement == 1


def test_a_text_without_a_quantity_teaches_nothing():
    assert list(candidates([PLAIN], RulePredictor(), RulePredictor())) == []


@pytest.mark.parametrize("by", ["report", "paragraph"])
def test_what_is_written_can_be_pushed(tmp_path: Path, by):
    pool = list(candidates([build(TEXT, id="lancheng")], Half(), RulePredictor(), by=by))
    path = tmp_path / "next.jsonl"
    write_chosen(path, choose(pool, 5))
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [line["reasons"]["rank"] for line in lines] == list(range(1, len(pool) + 1))
    assert all(0 <= line["reasons"]["disagreement"] <= 1 for line in lines)
    documents = [document_of(item, {}) for item in discover([str(path)])]
    assert [one.id for one in documents] == [line["id"] for line in lines]
    assert [one.text for one in documents] == [line["text"] for line in lines]
    for line in lines if by == "paragraph" else ():
        assert TEXT[slice(*line["offsets"])] == line["text"]


@pytest.mark.slow
def test_the_command_chooses_by_a_real_model(tiny_model, tmp_path):
    pool, output = Path(__file__).parents[2] / "data" / "texts", tmp_path / "next.jsonl"
    names = sorted(pool.glob("*.txt"))[:3]
    options = ["--model", str(tiny_model), *(word for name in names for word in ("--pool", str(name)))]
    result = CliRunner().invoke(build_app(), ["annotate", "next", *options, "-n", "2", "-o", str(output)])
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert len(lines) == 2
    assert all(line["reasons"]["doubt"] > 0 for line in lines)
    assert all(line["id"] in result.stdout for line in lines)


@pytest.mark.slow
def test_a_pool_that_teaches_nothing_is_an_error(tiny_model, tmp_path):
    (tmp_path / "plain.txt").write_text("各项工作有序推进。\n", encoding="utf-8")
    arguments = ["--model", str(tiny_model), "--pool", str(tmp_path), "-o", str(tmp_path / "next.jsonl")]
    result = CliRunner().invoke(build_app(), ["annotate", "next", *arguments])
    assert result.exit_code == 3
    assert "another pool" in result.stderr
    assert not (tmp_path / "next.jsonl").exists()
