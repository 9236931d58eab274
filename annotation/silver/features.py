"""What can be seen of a sentence and its records that tells whether the records are right.

Each feature is a small number (mostly a share or a logarithm), so that its weight in `confidence.toml` can be
read: a positive weight speaks for the sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from annotation.silver.sentences import Case, Reading, quantity
from zhibiao.schema import Kind, Measure, Record
from zhibiao.tables.units import measure_words, unit_table

__all__ = ["FEATURES", "Feature", "measured"]

Feature = Callable[[Reading], float]

FAR = 8
"""Characters between an indicator and its number from which on the noun may be another one."""

LONG = 12
"""An indicator of more characters probably took in too much."""


def measured(reading: Reading) -> dict[str, float]:
    """The features of the sentence's case by name."""
    return {name: feature(reading) for name, feature in FEATURES[reading.case].items()}


def _share(test: Callable[[Record], bool]) -> Feature:
    """The share of the sentence's records that pass a test."""
    return lambda reading: _mean(reading, test)


def _has(words: str) -> Feature:
    """Whether the sentence holds a match of the pattern."""
    pattern = re.compile(words)
    return lambda reading: float(pattern.search(reading.text) is not None)


def _length(reading: Reading) -> float:
    return math.log(len(reading.text))


def _quantities(reading: Reading) -> float:
    return math.log(len(set(map(quantity, reading.records))))


def _sharing(reading: Reading) -> float:
    """How many records have their indicator or their quantity in common with another: lists, elided nouns."""
    indicators = {record.spans["indicator"] for record in reading.records}
    quantities = set(map(quantity, reading.records))
    return (2 * len(reading.records) - len(indicators) - len(quantities)) / len(reading.records)


def _unexplained(reading: Reading) -> float:
    return math.log1p(len(reading.unexplained))


def _unexplained_with_unit(reading: Reading) -> float:
    """Numbers in no record although a measure word follows: the likeliest to be missed ones."""
    follow = _measure_word()
    return math.log1p(
        sum(follow.match(reading.text, match.end()) is not None for match in reading.unexplained)
    )


def _chinese_with_unit(reading: Reading) -> float:
    """Chinese numerals in no record before a measure word."""
    covered = [offsets for record in reading.records for offsets in record.spans.values()]
    found = (reading.start + match.start() for match in _chinese_quantity().finditer(reading.text))
    return math.log1p(sum(not any(a <= at < b for a, b in covered) for at in found))


def _gap(record: Record) -> int:
    """Characters between indicator and quantity; negative where the quantity comes first."""
    indicator, number = record.spans["indicator"], quantity(record)
    return number[0] - indicator[1] if indicator[0] < number[0] else -1


def _starts_clause(reading: Reading) -> float:
    """Indicators before their number that begin where a clause does: their left edge needed no decision."""
    return _mean(reading, lambda r: _gap(r) >= 0 and _is_edge(reading.before(r.spans["indicator"][0])))


def _ends_clause(reading: Reading) -> float:
    """Indicators behind their number that end where a clause does: their right edge needed no decision."""
    return _mean(reading, lambda r: _gap(r) < 0 and _is_edge(reading.behind(r.spans["indicator"][1])))


def _comma_between(reading: Reading) -> float:
    """Indicators that stand in another clause than their number."""
    return _mean(
        reading, lambda r: bool(_comma().search(reading.between(r.spans["indicator"][1], quantity(r)[0])))
    )


def _mean(reading: Reading, test: Callable[[Record], bool]) -> float:
    return sum(map(test, reading.records)) / len(reading.records)


def _is_edge(character: str) -> bool:
    return not character or character.isspace() or _comma().match(character) is not None


@cache
def _comma() -> re.Pattern[str]:
    return re.compile("[，。；：、！？,;:!?（）()]")


def _text(record: Record) -> str:
    return record.value_text or record.growth_text or ""


def _years(reading: Reading) -> float:
    """Whether more than one time expression dates the sentence's records."""
    found: Iterable[tuple[int, int] | None] = {record.spans.get("year") for record in reading.records}
    return float(len(set(found)) > 1)


@cache
def _measure_word() -> re.Pattern[str]:
    return re.compile("[余多来]?(?:[十百千万亿]{0,3})(?:" + "|".join(map(re.escape, measure_words())) + ")")


@cache
def _chinese_quantity() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in measure_words() if len(word) > 1 or word in "个家项条户所名")
    return re.compile(
        f"(?<![第十百千万亿一二三四五六七八九])[一二三四五六七八九两十百千万]+[余多]?(?:{words})"
    )


_RECORDS: Mapping[str, Feature] = {
    "length": _length,
    "quantities": _quantities,
    "sharing": _sharing,
    "known_indicator": _share(lambda record: record.indicator_code is not None),
    "touching": _share(lambda record: _gap(record) == 0),
    "quantity_first": _share(lambda record: _gap(record) < 0),
    "starts_clause": _starts_clause,
    "ends_clause": _ends_clause,
    "comma_between": _comma_between,
    "far_indicator": _share(lambda record: _gap(record) > FAR),
    "long_indicator": _share(lambda record: len(record.indicator) > LONG),
    "short_indicator": _share(lambda record: len(record.indicator) <= 2),
    "joint_in_indicator": _share(lambda record: any(sign in record.indicator for sign in "、和及的与")),
    "no_unit": _share(lambda record: record.value_text is not None and record.unit is None),
    "known_unit": _share(lambda record: record.unit in unit_table()),
    "money": _share(lambda record: record.unit_base == "元"),
    "share": _share(lambda record: record.measure in (Measure.SHARE, Measure.RATIO)),
    "growth_alone": _share(lambda record: record.value_text is None),
    "value_with_growth": _share(lambda record: None not in (record.value_text, record.growth_text)),
    "no_number": _share(lambda record: record.value is None and record.growth_rate is None),
    "chinese_number": _share(lambda record: not re.search("[0-9０-９]", _text(record))),
    "year_span": _share(lambda record: "year" in record.spans),
    "several_years": _years,
    "target": _share(lambda record: record.kind is Kind.TARGET),
    "unexplained": _unexplained,
    "unexplained_with_unit": _unexplained_with_unit,
    "chinese_with_unit": _chinese_with_unit,
    "paired_list": _has("分别|各[增下达]"),
    "from_to": _has("[由从].{1,20}[到至]"),
    "part_of": _has("其中|占"),
    "quotes": _has('[“”"‘’]'),
    "parentheses": _has("[（(]"),
}

_SILENT: Mapping[str, Feature] = {
    "length": _length,
    "unexplained": _unexplained,
    "unexplained_with_unit": _unexplained_with_unit,
    "chinese_with_unit": _chinese_with_unit,
    "digits": _has("[0-9０-９]"),
    "direction": _has("增长|增加|下降|提高|减少"),
    "quotes": _has('[“”"‘’]'),
}

FEATURES: Mapping[Case, Mapping[str, Feature]] = {
    Case.RECORDS: _RECORDS,
    Case.SILENT: _SILENT,
    Case.PLAIN: {},
}
"""The features of each case by the names that stand in `confidence.toml`."""
