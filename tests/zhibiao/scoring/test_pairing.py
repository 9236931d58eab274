from hypothesis import given
from hypothesis import strategies as st

from zhibiao.schema import Kind
from zhibiao.scoring.pairing import overlap, overlap_share, pair
from zhibiao.scoring.statements import Statement


def statement(value, indicator=(0, 1), name=""):
    spans = {"value": value, "indicator": indicator}
    return Statement(name, None, None, None, None, Kind.ACTUAL, None, spans)


def spans(low, high):
    return st.tuples(st.integers(low, high), st.integers(1, 5)).map(lambda pair: (pair[0], pair[0] + pair[1]))


STATEMENTS = st.lists(st.builds(statement, spans(0, 30), spans(0, 30)), max_size=8)


@given(STATEMENTS, STATEMENTS)
def test_every_statement_is_used_exactly_once(gold, predicted):
    pairs = pair(gold, predicted)
    assert sorted(id(p.gold) for p in pairs if p.gold) == sorted(map(id, gold))
    assert sorted(id(p.predicted) for p in pairs if p.predicted) == sorted(map(id, predicted))
    for couple in pairs:
        if couple.gold and couple.predicted:
            assert overlap(couple.gold.anchor, couple.predicted.anchor) > 0


@given(STATEMENTS, STATEMENTS)
def test_nobody_would_rather_swap(gold, predicted):
    """No gold and no predicted statement both overlap one another more than what they were paired with."""
    pairs = pair(gold, predicted)

    def shared(a, b):
        return overlap(a.anchor, b.anchor) if a and b else 0

    for one in pairs:
        for other in pairs:
            if one.gold and other.predicted:
                together = shared(one.gold, other.predicted)
                assert together <= max(shared(one.gold, one.predicted), shared(other.gold, other.predicted))


@given(STATEMENTS)
def test_a_statement_is_paired_with_its_equal(gold):
    for couple in pair(gold, list(reversed(gold))):
        assert couple.gold == couple.predicted


def test_the_larger_overlap_goes_first():
    wanted = statement((10, 16))
    near, nearer = statement((8, 12)), statement((12, 20))
    assert [(p.gold, p.predicted) for p in pair([wanted], [near, nearer])] == [(None, near), (wanted, nearer)]


def test_among_equal_overlaps_the_indicator_decides():
    gold = [statement((20, 23), (0, 3)), statement((20, 23), (4, 7)), statement((20, 23), (8, 11))]
    predicted = [statement((20, 23), (8, 11)), statement((20, 23), (1, 3)), statement((20, 23), (4, 7))]
    found = [(p.gold.indicator_span, p.predicted.indicator_span) for p in pair(gold, predicted)]
    assert found == [((0, 3), (1, 3)), ((4, 7), (4, 7)), ((8, 11), (8, 11))]


def test_touching_spans_do_not_overlap():
    assert overlap((0, 3), (3, 5)) == 0
    assert len(pair([statement((0, 3))], [statement((3, 5))])) == 2


def test_intersection_over_union():
    assert overlap_share((0, 4), (2, 6)) == 2 / 6
    assert overlap_share((0, 0), (0, 0)) == 0
