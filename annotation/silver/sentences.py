"""A sentence with the records found in it: what a confidence is estimated from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property

from zhibiao.schema import Document, Offsets, Record, Sentence

__all__ = ["Case", "Reading", "readings", "sentence_at"]


class Case(StrEnum):
    """The three sorts of sentences, which go wrong in different ways."""

    RECORDS = "records"
    SILENT = "silent"
    PLAIN = "plain"


@dataclass(frozen=True)
class Reading:
    """What a predictor made of one sentence; `text` is the sentence's, offsets are the document's."""

    text: str
    start: int
    records: tuple[Record, ...]

    @property
    def end(self) -> int:
        """Where the sentence ends."""
        return self.start + len(self.text)

    @property
    def case(self) -> Case:
        """`silent` has a numeral but no record; `plain` has no numeral, so it can hardly hold one."""
        if self.records:
            return Case.RECORDS
        return Case.SILENT if _numeral().search(self.text) else Case.PLAIN

    @cached_property
    def unexplained(self) -> tuple[re.Match[str], ...]:
        """The numbers in digits that no record holds and that are no date."""
        covered = [offsets for record in self.records for offsets in record.spans.values()]
        return tuple(
            match
            for match in _digits().finditer(self.text)
            if not any(a <= self.start + match.start() < b for a, b in covered)
        )

    def before(self, offset: int) -> str:
        """The character before `offset`; none at the sentence's start."""
        return self.between(offset - 1, offset)

    def behind(self, offset: int) -> str:
        """The character at `offset`; none at the sentence's end."""
        return self.between(offset, offset + 1)

    def between(self, left: int, right: int) -> str:
        """The text of the document from `left` to `right`, as far as it stands in this sentence."""
        return self.text[max(0, left - self.start) : max(0, right - self.start)]


def readings(document: Document, records: Sequence[Record]) -> Iterator[Reading]:
    """Every sentence of the document with its records, each of which belongs where its quantity stands."""
    apart: dict[int, list[Record]] = {}
    for record in records:
        apart.setdefault(sentence_at(document, quantity(record)[0]), []).append(record)
    for number, sentence in enumerate(document.sentences):
        text = document.text[sentence.start : sentence.end]
        yield Reading(text, sentence.start, tuple(apart.get(number, ())))


def sentence_at(document: Document, position: int) -> int:
    """The number of the sentence at or before `position`."""
    return max(0, bisect_right(document.sentences, position, key=_start) - 1)


def quantity(record: Record) -> Offsets:
    """Where the record's VALUE stands, or its GROWTH."""
    return record.spans["value"] if "value" in record.spans else record.spans["growth"]


def _start(sentence: Sentence) -> int:
    return sentence.start


@cache
def _numeral() -> re.Pattern[str]:
    return re.compile("[0-9０-９一二三四五六七八九两十百千万亿翻半]")


@cache
def _digits() -> re.Pattern[str]:
    number = "[0-9０-９]+(?:[.．,，][0-9０-９]+)*"
    return re.compile(
        f"(?<![0-9０-９.．])(?<![0-9０-９][:：]){number}(?![0-9０-９]|年|月|日|[:：][0-9０-９])"
    )
