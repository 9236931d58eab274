"""Parts against their total: what follows 其中, and what a total is made of by definition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhibiao.audit.findings import Certainty, Check, Finding, Part, Side
from zhibiao.audit.ledger import Ledger, gap_between, grade
from zhibiao.audit.wording import quote_value, times
from zhibiao.normalise.numbers import format_decimal
from zhibiao.schema import Measure, Record
from zhibiao.series import Interval, Quotation, Statement, quotation, value_interval
from zhibiao.tables.comparison import comparison_words
from zhibiao.tables.words import alternation

__all__ = ["check_parts"]

WHOLES = {
    "gdp": (
        "primary_industry_value_added",
        "secondary_industry_value_added",
        "tertiary_industry_value_added",
    ),
    "goods_trade": ("goods_exports", "goods_imports"),
    "resident_population": ("urban_population", "rural_population"),
    "electricity_consumption": ("industrial_electricity_consumption",),
}
"""What a total is the sum of, by catalogue code; each part alone may not be above it either."""

_REACH = 40
"""Characters from 其中 to the first part, and from part to part."""
_BREAK = re.compile("[。；;！!？?\n]")
_STRUCTURE = re.compile(r"\d+(?:\.\d+)?(?:[:：∶]\d+(?:\.\d+)?)+")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A record with a value, and where that value stands in its sentence."""

    record: Record
    at: int
    interval: Interval


def check_parts(ledger: Ledger) -> Iterator[Finding | None]:
    """Parts above their total, parts that add up to more, and shares that do not add up to 100."""
    for sentence in _sentences(ledger.records):
        yield from _of_which(ledger, sentence)
    yield from _by_definition(ledger)
    for record in ledger.records:
        yield from _structure(ledger, record)


def _sentences(records: Sequence[Record]) -> Iterator[list[Record]]:
    """The records of each sentence that holds 其中."""
    words = comparison_words().of_which
    groups: dict[tuple[str, int, str], list[Record]] = {}
    for record in records:
        if record.measure is Measure.LEVEL and any(word in record.evidence for word in words):
            nearby = record.spans["value"][0] // 2000
            groups.setdefault((record.report_id, nearby, record.evidence), []).append(record)
    yield from (group for group in groups.values() if len(group) > 1)


def _of_which(ledger: Ledger, sentence: Sequence[Record]) -> Iterator[Finding | None]:
    quotes = [(record, quotation(record)) for record in sentence]
    placed = [found for record, quoted in quotes if (found := _place(record, quoted))]
    text = sentence[0].evidence
    for match in re.finditer(alternation(comparison_words().of_which), text):
        whole = max((p for p in placed if p.at < match.start()), key=lambda p: p.at, default=None)
        if whole is None or _BREAK.search(text, whole.at, match.start()):
            continue
        parts = _parts(placed, whole, text, match.end())
        if parts and _is_the_only_whole(placed, whole, parts):
            yield from _judge(ledger, whole, parts, of_which=True)


def _parts(placed: Sequence[_Placed], whole: _Placed, text: str, start: int) -> list[_Placed]:
    """What 其中 lists, up to the first number of another sort: from there on it speaks of something else."""
    found: list[_Placed] = []
    for part in sorted((p for p in placed if p.at > start), key=lambda p: p.at):
        last = found[-1].at if found else start
        if not _is_part(part, whole, text, start) or part.at - last > _REACH:
            break
        found.append(part)
    return found


def _is_the_only_whole(placed: Sequence[_Placed], whole: _Placed, parts: Sequence[_Placed]) -> bool:
    """其中 may speak of all that was listed before it: then a part must be above their sum."""
    before = [p for p in placed if p.at <= whole.at and p.record.unit_base == whole.record.unit_base]
    total = _sum(before).high
    return (
        total is not None and any(p.interval.low is not None and p.interval.low > total for p in parts)
    ) or (len(before) == 1)


def _place(record: Record, quoted: Quotation) -> _Placed | None:
    interval = value_interval(record)
    if "value" not in quoted.slots or interval is None:
        return None
    return _Placed(record, quoted.slots["value"][0], interval)


def _is_part(part: _Placed, whole: _Placed, text: str, start: int) -> bool:
    """In the same unit and year, in the list that 其中 opens."""
    a, b = part.record, whole.record
    if (a.unit_base, a.year, a.kind) != (b.unit_base, b.year, b.kind):
        return False
    return not re.search("[。；;！!？?\n]|其中|总数|总量|累计|全[市区县省]", text[start : part.at])


def _judge(
    ledger: Ledger, whole: _Placed, parts: Sequence[_Placed], *, of_which: bool
) -> Iterator[Finding | None]:
    above = [part for part in parts if part.interval.is_above(whole.interval)]
    for part in above:
        yield _finding(ledger, whole, [part], "part_above", Certainty.LIKELY)
    total = _sum(parts)
    if above:
        return
    if len(parts) < 2 or not total.is_above(whole.interval):
        yield None
    else:
        certainty = Certainty.POSSIBLE if of_which else Certainty.LIKELY
        yield _finding(ledger, whole, parts, "parts_sum", certainty)


def _sum(parts: Sequence[_Placed]) -> Interval:
    lows = [part.interval.low for part in parts]
    highs = [part.interval.high for part in parts]
    low = sum((low for low in lows if low is not None), Decimal(0))
    known = [high for high in highs if high is not None]
    return Interval(low, sum(known, Decimal(0)) if len(known) == len(highs) else None)


def _finding(
    ledger: Ledger, whole: _Placed, parts: Sequence[_Placed], reason: str, certainty: Certainty
) -> Finding:
    gap = gap_between(_sum(parts), whole.interval)
    ratio = sum((p.record.value_base or Decimal(0) for p in parts), Decimal(0))
    base = whole.record.value_base or Decimal(1)
    return Finding(
        check=Check.PARTS,
        severity=grade(gap, medium=Decimal("0.01"), high=Decimal("0.1")),
        certainty=certainty,
        place=ledger.place,
        sides=(Side(Part.WHOLE, whole.record), *(Side(Part.PART, part.record) for part in parts)),
        reason=reason,
        facts={
            "indicator": whole.record.indicator,
            "year": str(whole.record.year),
            "whole": quote_value(whole.record),
            "part": "、".join(f"{p.record.indicator} {quote_value(p.record)}" for p in parts),
            "times": times(ratio / base),
        },
        gap=float(gap) * 100,
    )


def _by_definition(ledger: Ledger) -> Iterator[Finding | None]:
    """GDP against its three industries, and the like: values of the same report and period."""
    known: dict[tuple[str, str, object, bool], Statement] = {}
    for each in ledger.plain:
        if each.is_exact and each.value is not None:
            known.setdefault((each.record.report_id, each.code, each.spell, each.is_target), each)
    for (report, code, spell, target), whole in known.items():
        found = [known.get((report, part, spell, target)) for part in WHOLES.get(code, ())]
        parts = [each for each in found if each and _is_elsewhere(each.record, whole.record)]
        if not parts:
            continue
        placed = [_of_statement(each) for each in parts]
        yield from _judge(ledger, _of_statement(whole), placed, of_which=False)
        if len(parts) == len(WHOLES[code]) > 1 and whole.value and whole.value.is_above(_sum(placed)):
            yield _finding(ledger, _of_statement(whole), placed, "parts_short", Certainty.LIKELY)


def _is_elsewhere(part: Record, whole: Record) -> bool:
    """In the same unit, and not in a sentence that has been judged by its 其中."""
    judged = part.evidence == whole.evidence and "其中" in whole.evidence
    return part.unit_base == whole.unit_base and not judged


def _of_statement(statement: Statement) -> _Placed:
    assert statement.value is not None
    return _Placed(statement.record, 0, statement.value)


def _structure(ledger: Ledger, record: Record) -> Iterator[Finding | None]:
    """三次产业结构 7.5:36.2:56.3 adds up to 100."""
    text = (record.value_text or "").replace("：", ":").replace("∶", ":")
    if record.indicator_code != "three_industries_structure" or not _STRUCTURE.fullmatch(text):
        return
    shares = [Decimal(share) for share in text.split(":")]
    total, slack = sum(shares, Decimal(0)), Decimal("0.05") * len(shares)
    slack = Decimal("0.5") * len(shares) if "." not in text else slack
    if len(shares) != 3:
        return
    if abs(total - 100) <= slack + Decimal("0.05"):
        yield None
    else:
        yield Finding(
            check=Check.PARTS,
            severity=grade(abs(total - 100), medium=Decimal(1), high=Decimal(5)),
            certainty=Certainty.LIKELY,
            place=ledger.place,
            sides=(Side(Part.STATED, record),),
            reason="structure",
            facts={
                "indicator": record.indicator,
                "year": str(record.year),
                "shares": text,
                "sum": format_decimal(total),
            },
            gap=float(abs(total - 100)),
        )
