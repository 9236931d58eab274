"""What the network is shown: every gold span once, and nothing of silver that is not trusted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.batches import Batch, plan_epoch
from training.examples import examples_of
from zhibiao.documents import build
from zhibiao.errors import DataError
from zhibiao.jsonl import read_gold
from zhibiao.schema import GoldRecord, GoldReport, Kind
from zhibiao.scoring import gold_spans
from zhibiao.tagger.alphabet import Alphabet
from zhibiao.tagger.scheme import IGNORED, INDICATORS
from zhibiao.tagger.vocabulary import Specials
from zhibiao.tagger.windows import WindowPlan

DATA = Path(__file__).parents[2] / "data"
ALPHABET = Alphabet({}, Specials(pad=0, unk=1, cls=2, sep=3, mask=4), 5)
TEXT = "灯会产值5亿元。客流8万人次。书屋3座。"


def report(*records: dict[str, tuple[int, int]], **extra: object) -> GoldReport:
    made = tuple(GoldRecord(spans=spans, year=2023, kind=Kind.ACTUAL) for spans in records)
    return GoldReport(build(TEXT, id="lancheng"), made, extra)


FIRST = {"indicator": (0, 4), "value": (4, 5), "unit": (5, 7)}
SECOND = {"indicator": (8, 10), "value": (10, 11), "unit": (11, 14)}


def tags_of(given: GoldReport, confidence: float = 0.0) -> list[int]:
    """The tags of the whole text, put together from the windows; IGNORED where nothing is learned."""
    plan = WindowPlan(size=8, context=2, limit=100)
    found = []
    for example in examples_of(given, ALPHABET, plan, confidence=confidence):
        found += [tag for tag in example.tags.tolist() if tag != IGNORED]
    return found


def test_every_gold_span_is_shown_once():
    alphabet = ALPHABET
    for given in read_gold(DATA):
        shown = 0
        for example in examples_of(given, alphabet, WindowPlan(limit=2000)):
            learned = np.where(example.tags == IGNORED, 0, example.tags)
            shown += len(INDICATORS.decode(learned))
            assert example.tags[0] == example.tags[-1] == IGNORED
            assert (example.edges >= 1).all()
            assert (example.edges < len(example.tags) - 1).all()
        assert shown == len(gold_spans(given)), given.document.id


def test_silver_below_the_confidence_is_not_learned():
    sentences = [[0, 8, 0.95], [8, 15, 0.5], [15, 20, 0.99]]
    given = report(FIRST, SECOND, sentences=sentences)
    sure = tags_of(given, 0.9)
    assert len(sure) == len(TEXT) - 7
    assert sure == tags_of(report(FIRST))[:8] + [0] * 5
    assert len(tags_of(given, 0.0)) == len(TEXT)


def test_silver_spans_that_overlap_are_not_learned():
    crossed = {"indicator": (8, 11), "value": (10, 11), "unit": (11, 14)}
    given = report(FIRST, crossed, sentences=[[0, 8, 1.0], [8, 15, 1.0], [15, 20, 1.0]])
    assert tags_of(given) == tags_of(report(FIRST))[:8] + [0] * 5


def test_gold_spans_that_overlap_are_an_error_that_names_the_report():
    with pytest.raises(DataError, match=r"lancheng.*overlaps.*data check"):
        list(examples_of(report({**FIRST, "unit": (4, 7)}), ALPHABET, WindowPlan()))


@pytest.mark.parametrize("sentences", ["none", [[0, 8]], [["a", "b", "c"]]])
def test_silver_that_says_its_confidences_wrongly_is_named(sentences):
    with pytest.raises(DataError, match="lancheng"):
        list(examples_of(report(FIRST, sentences=sentences), ALPHABET, WindowPlan()))


def test_every_window_stands_in_one_batch_of_an_epoch():
    lengths = np.random.default_rng(1).integers(3, 200, size=500)
    plan = plan_epoch(lengths, 512, [1, 0, 0])
    assert sorted(np.concatenate(plan).tolist()) == list(range(500))
    assert all(len(rows) * lengths[rows].max() <= 512 for rows in plan)
    again, other = plan_epoch(lengths, 512, [1, 0, 0]), plan_epoch(lengths, 512, [1, 0, 1])
    assert [rows.tolist() for rows in again] == [rows.tolist() for rows in plan]
    assert [rows.tolist() for rows in other] != [rows.tolist() for rows in plan]


@pytest.mark.slow
@pytest.mark.parametrize("length", [40, 128, 250, 512])
def test_a_batch_of_long_windows_keeps_no_more_in_memory(length):
    """Attention keeps a square for every window; one of 128 positions sets the measure."""
    kept = max(len(rows) for rows in plan_epoch(np.full(400, length), 2048, [1, 0, 0]))
    assert kept * length <= 2048
    assert kept * (15_600 * length + 24 * length**2) <= 16 * (15_600 * 128 + 24 * 128**2) * 1.01


@pytest.mark.parametrize("processes", [2, 3])
def test_processes_share_a_batch_without_loss(processes):
    from training.steps import share_of

    width, windows = 5, 4
    random = np.random.default_rng(1)
    edges = np.array([[row * width + column for column in (0, 1, 2, 3)] for row in (3, 0, 2, 3)])
    ids = random.integers(5, 50, size=(windows, width))
    features = random.integers(0, 9, size=(4, 9))
    whole = Batch(ids, np.ones_like(ids), ids + 1, edges, features, np.array([1, 0, 0, 1], dtype=np.float32))
    shares = [share_of(whole, number, processes) for number in range(processes)]
    assert sorted(map(tuple, np.concatenate([one.ids for one in shares]).tolist())) == sorted(
        map(tuple, ids.tolist())
    )
    # The characters at the edges of a pair are the same ones, wherever its window went.
    seen = [(*one.ids.reshape(-1)[edge].tolist(), target) for one in shares for edge, target in _pairs(one)]
    wanted = [(*ids.reshape(-1)[edge].tolist(), target) for edge, target in _pairs(whole)]
    assert sorted(seen) == sorted(wanted)


def _pairs(batch: Batch):
    return list(zip(batch.edges, batch.targets.tolist(), strict=True))


def test_an_unlearned_silver_report_gives_no_window():
    given = report(FIRST, sentences=[[0, 8, 0.1], [8, 15, 0.1], [15, 20, 0.1]])
    assert list(examples_of(given, ALPHABET, WindowPlan(size=8, context=2, limit=100), confidence=0.9)) == []
