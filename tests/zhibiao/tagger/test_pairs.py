"""Pairs say what the gold says: its links rebuild every shipped record, and features stay in their table."""

from __future__ import annotations

from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.examples import linked_spans
from zhibiao.assemble import assemble
from zhibiao.jsonl import read_gold
from zhibiao.schema import LINK_TYPES, Label, Prediction, Span
from zhibiao.scoring import gold_spans
from zhibiao.tagger.linking import LinkWeights, choose_links
from zhibiao.tagger.pairs import N_FEATURES, TABLE_SIZE, pairs_of
from zhibiao.tagger.windows import piece_numbers

DATA = Path(__file__).parents[3] / "data"
TEXT = "灯会产值5.2亿元，同比增长6%；书屋3座、（其中）茶亭4座，分别为上年的2倍、3倍。" * 4


def sentences(report):
    """The gold spans of a report, sentence by sentence."""
    spans = gold_spans(report)
    numbers = piece_numbers(report.document, [span.start for span in spans])
    for _, group in groupby(range(len(spans)), key=numbers.__getitem__):
        yield [spans[number] for number in group]


def links_of(report):
    """What a model that is always right would choose."""
    linked = linked_spans(report)
    for spans in sentences(report):
        pairs = pairs_of(report.document.text, spans)
        joined = zip(pairs.quantities, pairs.arguments, strict=True)
        sure = np.array([(spans[q], spans[a]) in linked for q, a in joined], dtype=np.float32)
        yield from choose_links(spans, pairs, sure)


def slots(record):
    """Where a record stands; the year is what assembly finds beyond the sentence."""
    return sorted((slot, at) for slot, at in record.spans.items() if slot not in ("year", "context"))


def test_the_links_of_the_gold_rebuild_its_records():
    count = 0
    for report in read_gold(DATA):
        found = Prediction(report.document, gold_spans(report), tuple(links_of(report)), "model")
        assert sorted(map(slots, assemble(found))) == sorted(map(slots, report.records)), report.document.id
        count += len(report.records)
    assert count > 1500


@st.composite
def spans_of_a_sentence(draw):
    cuts = sorted(draw(st.sets(st.integers(0, len(TEXT)), max_size=24)))
    edges = [pair for pair in pairwise(cuts) if draw(st.booleans())]
    return [Span(start, end, draw(st.sampled_from(list(Label)))) for start, end in edges]


@given(spans_of_a_sentence())
def test_pairs_are_all_that_may_be_linked_and_features_stay_in_the_table(spans):
    pairs = pairs_of(TEXT, spans)
    assert pairs.features.shape == (len(pairs), N_FEATURES)
    assert ((pairs.features >= 0) & (pairs.features < TABLE_SIZE)).all()
    wanted = {
        (q, a)
        for q, left in enumerate(spans)
        for a, right in enumerate(spans)
        if (left.label, right.label) in LINK_TYPES
    }
    assert set(zip(pairs.quantities.tolist(), pairs.arguments.tolist(), strict=True)) == wanted
    # Every feature has rows of its own for every sort of link: no row serves two columns.
    columns = [set(pairs.features[:, number].tolist()) for number in range(N_FEATURES)]
    assert sum(map(len, columns)) == len(set().union(*columns))


@given(spans_of_a_sentence(), st.integers(1, 40))
def test_what_stands_before_the_sentence_changes_nothing(spans, shift):
    moved = [Span(span.start + shift, span.end + shift, span.label) for span in spans]
    there, here = pairs_of("。" * shift + TEXT, moved), pairs_of(TEXT, spans)
    assert (there.features == here.features).all()


def test_spans_that_overlap_are_paired_too():
    spans = [Span(0, 30, Label.INDICATOR), Span(4, 7, Label.VALUE), Span(7, 9, Label.UNIT)]
    assert len(pairs_of(TEXT, spans)) == 2


@given(spans_of_a_sentence(), st.integers(0, 10**6))
def test_a_quantity_has_a_noun_and_at_most_one_of_the_rest(spans, seed):
    pairs = pairs_of(TEXT, spans)
    chosen = list(choose_links(spans, pairs, np.random.default_rng(seed).random(len(pairs)).astype("f4")))
    assert len(set(chosen)) == len(chosen)
    nouns = [span for span in spans if span.label is Label.INDICATOR]
    for span in spans:
        own = [link.argument.label for link in chosen if link.quantity == span]
        if span.label in (Label.VALUE, Label.GROWTH):
            assert (Label.INDICATOR in own) is bool(nouns)
        assert all(own.count(label) <= 1 for label in (Label.UNIT, Label.GROWTH, Label.YEAR))


@pytest.mark.slow
def test_the_link_head_in_numpy_is_the_one_in_torch():
    import torch

    from zhibiao.tagger.network import LINK_WIDTH, LinkHead

    torch.manual_seed(1)
    head = LinkHead()
    torch.nn.init.normal_(head.bias)
    tensors = {f"links.{name}": tensor.detach().numpy() for name, tensor in head.state_dict().items()}
    weights = LinkWeights.of(tensors)
    random = np.random.default_rng(1)
    states = random.normal(size=(50, 4 * LINK_WIDTH)).astype(np.float32)
    places = [(start, start + 2, label) for start, label in enumerate(list(Label) * 4)]
    features = pairs_of(TEXT, [Span(*place) for place in places]).features
    edges = random.integers(0, 50, size=(len(features), 4))
    assert len(features) > 50
    with torch.no_grad():
        shaped = torch.from_numpy(states).reshape(-1, 4, LINK_WIDTH)
        wanted = head(shaped, torch.from_numpy(edges), torch.from_numpy(features)).numpy()
    assert weights.logits(states, edges, features) == pytest.approx(wanted, abs=1e-4)
    back = weights.tensors()
    assert back.keys() == tensors.keys()
    assert all(np.allclose(back[name], tensors[name]) for name in tensors)
