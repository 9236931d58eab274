"""Links to the spans of records to be."""

from __future__ import annotations

from zhibiao.assemble.drafts import drafts
from zhibiao.schema import Label, Link, Span

NOUN, OTHER = Span(0, 2, Label.INDICATOR), Span(2, 4, Label.INDICATOR)
VALUE, UNIT = Span(4, 5, Label.VALUE), Span(5, 6, Label.UNIT)
GROWTH, YEAR = Span(8, 12, Label.GROWTH), Span(14, 16, Label.YEAR)


def test_a_quantity_makes_a_draft_for_each_of_its_indicators():
    found = drafts([Link(VALUE, UNIT), Link(VALUE, OTHER), Link(VALUE, NOUN), Link(VALUE, YEAR)])
    assert [(d.indicator, d.value, d.unit, d.year) for d in found] == [
        (NOUN, VALUE, UNIT, YEAR),
        (OTHER, VALUE, UNIT, YEAR),
    ]


def test_a_growth_of_a_value_makes_no_draft_of_its_own():
    (draft,) = drafts([Link(GROWTH, NOUN), Link(VALUE, NOUN), Link(VALUE, GROWTH)])
    assert (draft.quantity, draft.growth) == (VALUE, GROWTH)


def test_a_growth_alone_is_the_quantity():
    (draft,) = drafts([Link(GROWTH, NOUN), Link(GROWTH, YEAR)])
    assert (draft.quantity, draft.value, draft.growth, draft.year) == (GROWTH, None, GROWTH, YEAR)


def test_a_quantity_without_indicator_makes_no_draft():
    assert drafts([Link(VALUE, UNIT)]) == []


def test_of_two_units_the_first_counts():
    (draft,) = drafts([Link(VALUE, UNIT), Link(VALUE, Span(6, 7, Label.UNIT)), Link(VALUE, NOUN)])
    assert draft.unit == UNIT


def test_a_slot_is_as_sure_as_its_span_and_its_link():
    value = Span(4, 5, Label.VALUE, 0.9)
    links = [Link(value, Span(0, 2, Label.INDICATOR, 0.8), 0.7), Link(value, UNIT, 0.6), Link(value, YEAR)]
    (draft,) = drafts(links)
    assert draft.scores == {Label.VALUE: 0.9, Label.INDICATOR: 0.7, Label.UNIT: 0.6}
