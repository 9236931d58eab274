"""Where a marked text stands when its offsets may have been counted differently.

Label Studio 1.23 counts code points of the text as it was sent. Other versions and tools count UTF-16 units,
take `\\r\\n` for one character, or a run of blanks for one. The quote that comes with each span decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from zhibiao.schema import Offsets

__all__ = ["Found", "Marked", "locate"]

_SLACK = 16
"""How far a quote is looked for beyond what the text's special characters can explain."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Offsets as they came, -1 if they did not, and the text that was marked there, if it came."""

    start: int
    end: int
    quote: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """Where it is; `repair` says how it was found if not at its offsets, `offsets` is None if it was not."""

    offsets: Offsets | None
    repair: str = ""


def locate(text: str, marks: Sequence[Marked]) -> list[Found]:
    """The place of each mark, all of them considered together since they drift together."""
    places = [_in_place(text, mark) for mark in marks]
    if None not in places:
        return [Found(place) for place in places]
    return _under_one_reading(text, marks, places) or _one_by_one(text, marks, places)


def _in_place(text: str, mark: Marked) -> Offsets | None:
    if not 0 <= mark.start < mark.end <= len(text):
        return None
    said = text[mark.start : mark.end]
    return (mark.start, mark.end) if mark.quote is None or _same(said, mark.quote) else None


def _same(said: str, quote: str) -> bool:
    return said == quote or _plain(said) == _plain(quote)


def _plain(text: str) -> str:
    """Without what a browser changes: line ends, sometimes spelled `\\n`, and runs of blanks."""
    return re.sub(r"\s+", " ", text.replace("\\n", "\n"))


@dataclass(frozen=True, slots=True)
class _Reading:
    """A way of counting: `starts[n]` is the code point at which the n-th counted unit begins."""

    name: str
    starts: tuple[int | None, ...]

    def place(self, text: str, mark: Marked) -> Offsets | None:
        if not 0 <= mark.start < mark.end < len(self.starts):
            return None
        start, end = self.starts[mark.start], self.starts[mark.end]
        if start is None or end is None or mark.quote is None:
            return None
        return _in_place(text, Marked(start, end, mark.quote))


def _readings(text: str) -> Iterator[_Reading]:
    """The ways of counting that differ from code points on this text, the simple ones first."""
    seen: set[tuple[int | None, ...]] = {tuple(range(len(text) + 1))}
    for units, lines, blanks in sorted(product((False, True), repeat=3), key=sum):
        starts = _starts(text, units=units, lines=lines, blanks=blanks)
        if starts not in seen:
            seen.add(starts)
            named = zip(
                (units, lines, blanks),
                ("UTF-16 units", "\\r\\n as one", "runs of blanks as one"),
                strict=True,
            )
            yield _Reading(" and ".join(name for used, name in named if used), starts)


def _starts(text: str, *, units: bool, lines: bool, blanks: bool) -> tuple[int | None, ...]:
    starts: list[int | None] = []
    before = ""
    for at, char in enumerate(text):
        swallowed = (lines and before == "\r" and char == "\n") or (blanks and before == char == " ")
        if not swallowed:
            starts.append(at)
            if units and ord(char) > 0xFFFF:
                starts.append(None)
        before = char
    return (*starts, len(text))


def _under_one_reading(
    text: str, marks: Sequence[Marked], places: Sequence[Offsets | None]
) -> list[Found] | None:
    """All marks under one other way of counting, or else all that are not in place; None if none fits."""
    readings = [(reading, [reading.place(text, mark) for mark in marks]) for reading in _readings(text)]
    for whole in (True, False):
        fitting = [
            (reading, found)
            for reading, found in readings
            if all(there or (here and not whole) for there, here in zip(found, places, strict=True))
        ]
        if fitting:
            name, chosen = fitting[0][0].name, fitting[0][1]
            if any(found != chosen for _, found in fitting[1:]):
                return None
            return [
                Found(
                    there if whole else here or there,
                    "" if (there == here or (here and not whole)) else f"counted in {name}",
                )
                for there, here in zip(chosen, places, strict=True)
            ]
    return None


def _one_by_one(text: str, marks: Sequence[Marked], places: Sequence[Offsets | None]) -> list[Found]:
    """The only place near, or the one of several to which its neighbour's shift leads."""
    reach = _SLACK + len(re.findall(r"[\U00010000-\U0010ffff]|\r\n|(?<= ) ", text))
    options = [[here] if here else _near(text, mark, reach) for mark, here in zip(marks, places, strict=True)]
    shifts = {
        mark.start: near[0][0] - mark.start
        for mark, near, here in zip(marks, options, places, strict=True)
        if here is None and len(near) == 1
    }
    return [
        _choose(mark, near, here, shifts) for mark, near, here in zip(marks, options, places, strict=True)
    ]


def _near(text: str, mark: Marked, reach: int) -> list[Offsets]:
    quote = (mark.quote or "").strip()
    if not quote:
        return []
    pattern = r"\s+".join(map(re.escape, quote.replace("\\n", "\n").split()))
    low, high = max(0, mark.start - reach), mark.start + reach + len(quote)
    if mark.start < 0:
        low, high = 0, len(text)
    return [match.span() for match in re.compile(pattern).finditer(text, low, min(high, len(text)))]


def _choose(mark: Marked, near: list[Offsets], here: Offsets | None, shifts: dict[int, int]) -> Found:
    if here is not None:
        return Found(here)
    if len(near) == 1:
        return Found(near[0], f"found {near[0][0] - mark.start:+d} characters away, the only place near")
    if near and shifts:
        shift = shifts[min(shifts, key=lambda start: abs(start - mark.start))]
        agreeing = [place for place in near if place[0] - mark.start == shift]
        if agreeing:
            return Found(agreeing[0], f"found {shift:+d} characters away, like its neighbour")
    places = ", ".join(str(start) for start, _ in near)
    return Found(
        None, f"it stands at {places}, which are equally likely" if near else "it stands nowhere near"
    )
