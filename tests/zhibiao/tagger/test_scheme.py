"""Stretches to tags and back without loss, and the best valid sequence is what a search through all finds."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.errors import SchemaError
from zhibiao.schema import Label
from zhibiao.tagger.decoding import Costs, confidences, log_softmax, viterbi
from zhibiao.tagger.scheme import INDICATORS, TagScheme

LENGTH = 30
SMALL = TagScheme(("A", "B"))


@st.composite
def stretches(draw):
    """Stretches that do not overlap, in text order; some touch."""
    cuts = sorted(draw(st.sets(st.integers(0, LENGTH), max_size=12)))
    labels = st.integers(0, len(INDICATORS.labels) - 1)
    found = [(start, end, draw(labels)) for start, end in pairwise(cuts)]
    return [one for one in found if draw(st.booleans())]


@given(stretches())
def test_what_is_encoded_is_decoded(given_stretches):
    tags = INDICATORS.encode(given_stretches, LENGTH)
    assert INDICATORS.decode(tags) == given_stretches


@given(stretches())
def test_every_encoded_sequence_is_allowed(given_stretches):
    tags = INDICATORS.encode(given_stretches, LENGTH)
    assert INDICATORS.first[tags[0]]
    assert INDICATORS.allowed[tags[:-1], tags[1:]].all()


def test_the_tags_of_the_guide():
    assert INDICATORS.labels == tuple(Label)
    assert INDICATORS.tags[:3] == ("O", "B-INDICATOR", "I-INDICATOR")


@pytest.mark.parametrize("wrong", [[(0, 3, 0), (2, 4, 1)], [(3, 31, 0)], [(-1, 2, 0)], [(4, 4, 0)]])
def test_what_tags_cannot_say_is_refused(wrong):
    with pytest.raises(SchemaError, match=r"\[-?\d+, \d+\)"):
        INDICATORS.encode(wrong, LENGTH)


@pytest.mark.parametrize("labels", [(), ("A", "A")])
def test_a_scheme_needs_different_labels(labels):
    with pytest.raises(SchemaError, match="each once"):
        TagScheme(labels)


def by_search(scores, scheme, cost=lambda place, before, after: 0.0):
    """The score of the best allowed path, every path tried; `cost` is what its steps lose."""
    paths = product(range(len(scheme.tags)), repeat=len(scores))
    allowed = (
        path
        for path in paths
        if scheme.first[path[0]] and all(scheme.allowed[a, b] for a, b in pairwise(path))
    )
    return max(reached(scores, path, cost) for path in allowed)


def reached(scores, path, cost):
    steps = sum(cost(place, *pair) for place, pair in enumerate(pairwise(path), start=1))
    return sum(scores[place, tag] for place, tag in enumerate(path)) - steps


@given(seed=st.integers(0, 10**6), lengths=st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_viterbi_finds_the_best_of_all_paths(seed, lengths):
    random = np.random.default_rng(seed)
    scores = random.normal(size=(len(lengths), max(lengths), len(SMALL.tags))).astype(np.float32)
    found = viterbi(scores, np.array(lengths), SMALL)
    for row, length in enumerate(lengths):
        tags = found[row, :length]
        assert SMALL.first[tags[0]]
        assert SMALL.allowed[tags[:-1], tags[1:]].all()
        assert not found[row, length:].any()
        got = reached(scores[row], tags, lambda *_: 0.0)
        assert got == pytest.approx(by_search(scores[row, :length], SMALL), abs=1e-4)


@given(seed=st.integers(0, 10**6), word=st.floats(0, 3), touch=st.floats(0, 3))
def test_viterbi_weighs_what_stretches_hardly_do(seed, word, touch):
    random = np.random.default_rng(seed)
    scores = random.normal(size=(1, 5, len(SMALL.tags))).astype(np.float32)
    inside = random.random((1, 5)) < 0.5

    def cost(place, before, after):
        """B and I of A are 1 and 2: it is A that minds words, and every label that minds touching itself."""
        cut = inside[0, place] and ({before, after} & {1, 2}) and not (before in (1, 2) and after == 2)
        twin = after % 2 == 1 and before in (after, after + 1)
        return word * bool(cut) + touch * twin

    (tags,) = viterbi(scores, np.array([5]), SMALL, Costs(inside, 0, word, touch))
    assert reached(scores[0], tags, cost) == pytest.approx(by_search(scores[0], SMALL, cost), abs=1e-4)


def test_a_torn_stretch_is_one_when_touching_costs():
    """上涨0.3%: the middle is as good a beginning as an inside."""
    scores = log_softmax(np.array([[[0, 9, 0, 0, 0], [0, 3, 2, 0, 0], [0, 0, 9, 0, 0]]], dtype=np.float32))
    torn, whole = (
        viterbi(scores, np.array([3]), SMALL, Costs(np.zeros((1, 3), dtype=np.bool_), 0, 0.0, touch))
        for touch in (0.0, 4.0)
    )
    assert SMALL.decode(torn[0]) == [(0, 1, 0), (1, 3, 0)]
    assert SMALL.decode(whole[0]) == [(0, 3, 0)]


@given(seed=st.integers(0, 10**6))
def test_a_temperature_changes_no_decision(seed):
    logits = np.random.default_rng(seed).normal(size=(2, 12, len(SMALL.tags))).astype(np.float32) * 3
    lengths = np.array([12, 7])
    cold, warm = (viterbi(log_softmax(logits / np.float32(t)), lengths, SMALL) for t in (1, 3))
    assert (cold == warm).all()


def test_confidence_is_the_mean_of_the_tags_and_of_the_end():
    probabilities = np.full((4, 5), 0.05, dtype=np.float32)
    tags = np.array([1, 2, 0, 0])
    for place, sure in enumerate([0.8, 0.6, 0.5, 0.9]):
        probabilities[place, tags[place]] = sure
    (whole,) = confidences(np.log(probabilities), tags, [(0, 2, 0)])
    assert whole == pytest.approx((0.8 * 0.6 * 0.5) ** (1 / 3), rel=1e-5)
    # At the end of a window no position is left that could end it.
    (last,) = confidences(np.log(probabilities), tags, [(2, 4, 0)])
    assert last == pytest.approx((0.5 * 0.9) ** (1 / 2), rel=1e-5)
