"""What the sentence around a number says of it: where a change began, a mark passed, a total of years."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from zhibiao.schema import Kind, Label, Offsets, PeriodKind, Record
from zhibiao.tables.catalogue import load_catalogue
from zhibiao.tables.comparison import comparison_words
from zhibiao.tables.words import alternation
from zhibiao.view import ReportView, TextState
from zhibiao.view.passages import passages

__all__ = [
    "Caveat",
    "Quotation",
    "caveats",
    "indicator_names",
    "names_the_whole",
    "quotation",
    "speaks_of_a_part",
]

_CLAUSE = re.compile("[，,。；;：:！!？?、\n]")
_LONG_CLAUSE = re.compile("[，,。；;！!？?\n]")
_YEAR_OF_IT = re.compile(r"(?:19|20)\d\d年?[底末]?[的]?$")
_NEAR = 25
_LIST = 40
"""A 分别 further before a number than this belongs to another list."""


class Caveat(StrEnum):
    """Why a statement may not be of the place, the year or the kind that it seems to be."""

    START = "start"
    MILESTONE = "milestone"
    ACCUMULATED = "accumulated"
    OWNER = "owner"
    PART = "part"
    LISTED = "listed"
    DISTRIBUTED = "distributed"
    SHORT = "short"
    COMING = "coming"
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class Quotation:
    """The evidence of a record with the slots that stand in it, as offsets into it.

    Without slots where the evidence cannot be laid over the record's spans.
    """

    text: str
    start: int
    slots: Mapping[str, Offsets] = field(default_factory=dict)

    def before(self, slot: str) -> str:
        """The sentence up to a slot, the last clause only as far as it goes."""
        return self.text[: self.slots[slot][0]] if slot in self.slots else ""

    def clause_before(self, slot: str) -> str:
        """From the last comma or list mark up to the slot."""
        return _CLAUSE.split(self.before(slot))[-1]

    def after(self, slot: str) -> str:
        """The sentence behind a slot."""
        return self.text[self.slots[slot][1] :] if slot in self.slots else ""


def quotation(record: Record) -> Quotation:
    """The record's evidence with its slots."""
    view = ReportView(record.report_id, record.title, None, (record,), TextState.MISSING)
    passage = passages(view)[0]
    if 0 not in passage.placed:
        return Quotation(record.evidence, 0)
    end = passage.start + len(passage.text)
    slots = {
        slot: (a - passage.start, b - passage.start)
        for slot, (a, b) in record.spans.items()
        if passage.start <= a and b <= end
    }
    return Quotation(passage.text, passage.start, slots)


def caveats(record: Record, quoted: Quotation) -> frozenset[Caveat]:
    """All that speaks against taking the statement for the place's own figure of its year."""
    if Label.INDICATOR.slot not in quoted.slots:
        return frozenset({Caveat.UNPLACED})
    found = {
        Caveat.START: _is_start(quoted),
        Caveat.MILESTONE: _is_milestone(quoted),
        Caveat.ACCUMULATED: _is_accumulated(record, quoted),
        Caveat.OWNER: _has_owner(quoted),
        Caveat.PART: speaks_of_a_part(record, quoted.before(_quantity(quoted)))
        or _is_of_which(record, quoted),
        Caveat.LISTED: "并列" in _catalogue_name(record),
        Caveat.DISTRIBUTED: "分别" in quoted.before(_quantity(quoted))[-_LIST:],
        Caveat.SHORT: _is_short(record),
        Caveat.COMING: record.kind is Kind.ACTUAL and _is_coming(quoted),
    }
    return frozenset(caveat for caveat, holds in found.items() if holds)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = comparison_words()
    return {
        "from": re.compile(f"(?:{alternation(words.from_words)})"),
        "moved": re.compile(f"(?:{alternation(words.risen | words.fallen)}|{alternation(words.arrived)})"),
        "arrived": re.compile(
            f"(?:{alternation(words.risen | words.fallen)})了?(?:{alternation(words.arrived)})"
        ),
        "milestone": re.compile(f"(?:{alternation(words.milestones)})"),
        # 5年 is no part of 2025年.
        "accumulated": re.compile(f"(?<![0-9０-９])(?:{alternation(words.accumulated)})"),
        "part": re.compile(f"(?:{alternation(words.parts_of_a_place)})"),
        "coming": re.compile(f"(?:{alternation(words.coming)})"),
        "neutral": re.compile(f"(?:{alternation(words.neutral)})"),
    }


def _quantity(quoted: Quotation) -> str:
    return "value" if "value" in quoted.slots else "growth"


def _is_start(quoted: Quotation) -> bool:
    """由81.2%提高到90.5%: the first number, unless its own year stands with it (由2016年的81.2%)."""
    if "value" not in quoted.slots:
        return False
    clause = re.split("[，,。；;！!\n]", quoted.before("value"))[-1]
    start = _last(_patterns()["from"], clause)
    if start is None or _YEAR_OF_IT.search(clause) or _patterns()["arrived"].search(clause, start):
        return False
    behind = re.split("[，,。；;！!\n]", quoted.after("value"))[0]
    return bool(_patterns()["moved"].search(behind))


def _last(pattern: re.Pattern[str], text: str) -> int | None:
    """Where the last match ends."""
    return max((match.end() for match in pattern.finditer(text)), default=None)


def _is_milestone(quoted: Quotation) -> bool:
    if "value" not in quoted.slots:
        return False
    before = _LONG_CLAUSE.split(quoted.before("value"))[-1]
    behind = _LONG_CLAUSE.split(quoted.after("value"))[0]
    return any(_patterns()["milestone"].search(text) for text in (before[-_NEAR:], behind[:_NEAR]))


def _is_accumulated(record: Record, quoted: Quotation) -> bool:
    """A total of years whose record does not say so itself."""
    if record.period is not None and record.period.kind in (PeriodKind.SPAN, PeriodKind.AVERAGE):
        return False
    if "时期" in (record.comparison or ""):
        return True
    return bool(_patterns()["accumulated"].search(quoted.before(_quantity(quoted))))


def _is_coming(quoted: Quotation) -> bool:
    """年底将达到128.4公里: not reached yet, though the record says so."""
    return bool(_patterns()["coming"].search(quoted.clause_before(_quantity(quoted))))


def _has_owner(quoted: Quotation) -> bool:
    """Whether something stands before the indicator that may say whose figure it is."""
    prefix = load_catalogue().wording.prefix
    rest = _unquoted(quoted.clause_before("indicator"))
    while rest:
        match = prefix.match(rest) or _patterns()["neutral"].match(rest)
        if match is None:
            return True
        rest = rest[match.end() :]
    return False


def speaks_of_a_part(record: Record, text: str) -> bool:
    """Whether a text names a part of the place (a park, a new area) and not the whole."""
    rest = text.replace(record.district or "\n", "")
    return bool(_patterns()["part"].search(rest)) and not names_the_whole(rest)


def names_the_whole(text: str) -> bool:
    """Whether a text says that it is of the whole place: 全市, 我区."""
    return any(word in text for word in comparison_words().whole_place)


def _is_of_which(record: Record, quoted: Quotation) -> bool:
    """其中10亿元以上项目16个: of what, only the sentence says, unless the catalogue knows the name."""
    return record.indicator_code is None and "其中" in quoted.clause_before("indicator")


def _unquoted(text: str) -> str:
    return "".join(text.split()).strip("“”\"'‘’（）()")


def _catalogue_name(record: Record) -> str:
    return indicator_names().get(record.indicator_code or "", "")


@cache
def indicator_names() -> Mapping[str, str]:
    """The canonical name of every catalogue code."""
    return {entry.slug: entry.name for entry in load_catalogue().indicators}


def _is_short(record: Record) -> bool:
    """总投资 and the like: it says what was measured, not of what."""
    catalogue = load_catalogue()
    return catalogue.wording.normalise(record.indicator) in catalogue.by_short_name
