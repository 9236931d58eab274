"""What the slots say: numbers, units, rates and qualifiers that contradict themselves or the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from annotation.checks.faults import Fault, FaultKind
from annotation.checks.loading import Loaded, Place
from zhibiao.assemble.measures import sign_of
from zhibiao.normalise import (
    direction_of,
    find_qualifier,
    parse_growth,
    parse_number,
    parse_unit,
    unit_source,
)
from zhibiao.normalise.numbers import NumberForm
from zhibiao.schema import Label, Span
from zhibiao.scoring import gold_spans
from zhibiao.tables.units import unit_table

__all__ = ["check_quantities"]


def check_quantities(loaded: Loaded) -> Iterator[Fault]:
    """Slots, numbers, units, rates and qualifiers of every record."""
    growths = [span for span in gold_spans(loaded.report) if span.label is Label.GROWTH]
    for place in loaded.places():
        yield from _slots(place)
        yield from _value(place)
        yield from _unit(place)
        yield from _growth(place, growths)
        yield from _no_record(place)
        yield from _qualifier(place)


def _slots(place: Place) -> Iterator[Fault]:
    spans = place.record.spans
    if "indicator" not in spans:
        what = "growth" if "value" not in spans else "value"
        yield place.fault(FaultKind.NO_INDICATOR, f"a {what} without an indicator")
    if "unit" in spans and "value" not in spans:
        yield place.fault(FaultKind.UNIT_ALONE, "a unit without a value", "unit")


def _value(place: Place) -> Iterator[Fault]:
    text = place.quote("value")
    if text is None:
        return
    number = parse_number(text)
    if number is None:
        yield place.fault(FaultKind.VALUE_UNREAD, "the value cannot be read as a number", "value")
    elif "unit" not in place.record.spans and number.form is not NumberForm.RATIO:
        yield from _missing_unit(place)


def _missing_unit(place: Place) -> Iterator[Fault]:
    """A unit follows the number, and the indicator does not begin with it."""
    document, end = place.loaded.document, place.record.spans["value"][1]
    match = _patterns()["unit"].match(document.text, end)
    indicator = place.record.spans.get("indicator", (0, 0))
    if match and not indicator[0] <= match.start(1) < indicator[1]:
        yield place.fault(FaultKind.UNIT_MISSING, f"{match[1]} follows the value and is not marked", "value")


def _unit(place: Place) -> Iterator[Fault]:
    text = place.quote("unit")
    if text is None:
        return
    table = unit_table()
    known = {entry.base for entry in table.values()} | set(table) | {""}
    parts = [parse_unit(part) for part in re.split("[/／]", text)]
    if any(part is None or part.base not in known for part in parts):
        yield place.fault(FaultKind.UNIT_UNKNOWN, "no unit of the table", "unit")
    before = (
        place.loaded.document.text[: place.record.spans["value"][0]] if "value" in place.record.spans else ""
    )
    if text in ("%", "％", "个百分点") and (match := _patterns()["direction"].search(before[-8:])):
        yield place.fault(FaultKind.GROWTH_AS_VALUE, f"{match[1]} stands before a share in {text}", "value")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Units behind a number, direction words in front of one, gaps and ranks."""
    return {
        "unit": re.compile(f"[余多来]?({unit_source()})"),
        "direction": re.compile(r"(同比增长|增长|下降|增加|减少|回落|上升|提高|提升|上涨)[了约近超逾]?过?$"),
        "gap": re.compile(r"(?<!不)(?:高于|低于|快于|慢于|好于|优于|领先|高出)[^，,。；;、0-9]{0,12}$"),
        "gap inside": re.compile("(?<!不)(?:高于|低于|快于|慢于|优于)|领先|高出"),
    }


def _growth(place: Place, growths: list[Span]) -> Iterator[Fault]:
    text = place.quote("growth")
    if text is None:
        return
    span = Span(*place.record.spans["growth"], Label.GROWTH)
    inherited = sign_of(place.loaded.document, span, growths)
    parsed, stated = parse_growth(text, sign=inherited), place.record.growth_rate
    if parsed is None and stated is None:
        yield place.fault(FaultKind.GROWTH_UNREAD, "no rate of change can be read", "growth")
    if stated is None:
        if inherited == -1 and parsed and parsed.rate:
            message = "a bare rate in a list that falls, without growth_rate"
            yield place.fault(FaultKind.GROWTH_SIGN, message, "growth")
        return
    own = direction_of(text)
    if parsed and parsed.rate is not None:
        if abs(parsed.rate) != abs(stated):
            yield place.fault(
                FaultKind.GROWTH_RATE, f"growth_rate is {stated:f}, the span says {text}", "growth"
            )
        elif own is not None and stated * own < 0:
            message = f"growth_rate is {stated:f}, against the direction that the span states"
            yield place.fault(FaultKind.GROWTH_RATE, message, "growth")


def _no_record(place: Place) -> Iterator[Fault]:
    text, (start, _) = place.loaded.document.text, place.anchor
    if text[max(0, start - 1) : start] == "第":
        yield place.fault(FaultKind.RANK_OR_GAP, "第 stands before the number: a rank or an ordinal")
    growth = place.quote("growth")
    if growth and _patterns()["gap inside"].search(growth):
        yield place.fault(FaultKind.RANK_OR_GAP, "the growth names a gap to another place or time", "growth")
    elif place.quote("unit") in ("个百分点", "百分点", "%", "％") and _patterns()["gap"].search(
        text, max(0, start - 20), start
    ):
        yield place.fault(FaultKind.RANK_OR_GAP, "a gap to another place stands before the number")


def _qualifier(place: Place) -> Iterator[Fault]:
    stated, found = place.record.qualifier, _found_qualifiers(place)
    if stated is None and found:
        yield place.fault(FaultKind.QUALIFIER, f"{found[0]} stands beside the number, qualifier is null")
    elif stated is not None and stated not in _near(place):
        yield place.fault(FaultKind.QUALIFIER, f"the qualifier {stated!r} does not stand beside the number")


def _found_qualifiers(place: Place) -> list[str]:
    text, spans = place.loaded.document.text, place.record.spans
    found = []
    for slot in ("value", "growth"):
        if slot in spans:
            start, end = spans[slot]
            after = spans.get("unit", (end, end))[1] if slot == "value" else end
            found.append(find_qualifier(text, start, end, after=after))
    return [qualifier for qualifier in found if qualifier]


def _near(place: Place) -> str:
    """The quantity with what stands before it and the rest of its clause, where a list may end in 以上."""
    spans = [place.record.spans[slot] for slot in ("value", "unit", "growth") if slot in place.record.spans]
    text, end = place.loaded.document.text, max(end for _, end in spans)
    rest = re.match("[^，,；;。\n]{0,30}", text[end:])
    return text[max(0, min(spans)[0] - 10) : end] + (rest[0] if rest else "")
