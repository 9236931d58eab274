"""Numbers as a reason quotes them, and the reasons themselves in Chinese and English."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib import resources

from zhibiao.audit.findings import Finding
from zhibiao.normalise.numbers import format_decimal
from zhibiao.schema import Record
from zhibiao.series import Interval
from zhibiao.tables.quantity_words import quantity_words
from zhibiao.view.lang import Lang

__all__ = ["hint", "messages", "percent", "quote_growth", "quote_value", "reason", "times"]


def reason(finding: Finding, lang: Lang) -> str:
    """Why the statements contradict each other, in plain words."""
    return messages(lang)[f"reason.{finding.reason}"].format_map(dict(finding.facts))


def hint(finding: Finding, lang: Lang) -> str | None:
    """The harmless explanation that is nearest, where there is one."""
    if finding.hint is None:
        return None
    return messages(lang)[f"hint.{finding.hint}"].format_map(dict(finding.facts))


@cache
def messages(lang: Lang) -> Mapping[str, str]:
    """All words of the audit in one language."""
    text = resources.files("zhibiao.audit").joinpath("messages.json").read_text(encoding="utf-8")
    words: dict[str, dict[str, str]] = json.loads(text)
    return words[lang.value]


def quote_value(record: Record) -> str:
    """The value as the report has it."""
    words, qualifier = quantity_words(), record.qualifier or ""
    number = f"{record.value_text or ''}{record.unit or ''}"
    return number + qualifier if qualifier in words.behind | words.and_more else qualifier + number


def quote_growth(record: Record) -> str:
    """The rate as the report has it."""
    return record.growth_text or ""


def percent(value: Decimal) -> str:
    """A percentage with one place and its sign."""
    return f"{value:+.1f}%".replace("-", "−")


def times(value: Decimal) -> str:
    """A factor with three digits that count."""
    return format_decimal(Decimal(f"{value:.3g}"))


def span_of(interval: Interval) -> str:
    """An interval of percentages."""
    low, high = ("…" if end is None else f"{end:.1f}" for end in (interval.low, interval.high))
    return f"{low} – {high}%".replace("-", "−")
