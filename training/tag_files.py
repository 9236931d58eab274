"""Files of characters with tags, of any label set: BIO in JSON lines, or columns as in CoNLL.

BIO, BIOES and BMES (also BMEOS, and M for I) are told apart by the file itself. A sequence that is broken is
reported with its line, and never mended by a guess: scorers differ by what they make of those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Literal

from zhibiao.errors import DataError
from zhibiao.jsonl import read_lines
from zhibiao.tagger.plain import PlainSpan

__all__ = ["TaggedText", "read_tagged"]

_TAG = re.compile(r"O|([BIMES])[-_](.+)")
_INSIDE = ("I", "M", "E")
_TOLD = 5
"""So many faults of a file are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class TaggedText:
    """A sentence and its labelled stretches, in text order."""

    text: str
    spans: tuple[PlainSpan, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One token, most often one character; `where` is cited in errors."""

    where: str
    token: str
    tag: str


@dataclass(frozen=True, slots=True)
class _Fault:
    where: str
    finding: str


def read_tagged(path: Path, format: Literal["bio", "conll"]) -> list[TaggedText]:
    """The sentences of a file; DataError names every line at which the tags make no sense.

    A token of several characters, such as `GDP`, gives its tag to all of them.
    """
    sentences = list(_from_json(path) if format == "bio" else _from_columns(path))
    tags = [[_parsed(row) for row in rows] for rows in sentences]
    # Where spans have an end of their own, one that does not come to it is broken.
    closed = any(part in ("E", "S", "M") for some in tags for part, _ in some)
    texts, faults = [], []
    for rows, some in zip(sentences, tags, strict=True):
        stretches, broken = _stretches(some, rows, closed=closed)
        faults += broken
        texts.append(_text(rows, stretches))
    if faults:
        told = "; ".join(f"{fault.where}: {fault.finding}" for fault in faults[:_TOLD])
        more = f"; and {len(faults) - _TOLD} more" if len(faults) > _TOLD else ""
        raise DataError(f"{told}{more}; mend the tags: nothing of the file was used")
    if not texts:
        raise DataError(f"{path}: holds no sentence; docs/plain-tagging.md says what is expected")
    return texts


def _from_json(path: Path) -> Iterator[list[_Row]]:
    for where, line in read_lines(path):
        text = line.get("text")
        tokens = list(text) if isinstance(text, str) else _strings(line.get("tokens"))
        tags = _strings(line.get("tags"))
        if tokens is None or tags is None:
            raise DataError(
                f'{where}: expected {{"text": "...", "tags": ["O", ...]}}, or "tokens": [...] for text'
            )
        if len(tokens) != len(tags):
            raise DataError(f"{where}: {len(tokens)} characters with {len(tags)} tags; each needs one")
        if tokens:
            pairs = enumerate(zip(tokens, tags, strict=True), start=1)
            yield [_Row(f"{where}, character {number}", token, tag) for number, (token, tag) in pairs]


def _strings(value: object) -> list[str] | None:
    if not isinstance(value, list):
        return None
    found = [one for one in value if isinstance(one, str) and one]
    return found if len(found) == len(value) else None


def _from_columns(path: Path) -> Iterator[list[_Row]]:
    rows: list[_Row] = []
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip(" \t\r"):
            yield from [rows] if rows else []
            rows = []
        elif not line.startswith("-DOCSTART-"):
            rows.append(_row(line.rstrip(" \t\r"), f"{path}:{number}"))
    yield from [rows] if rows else []


def _lines(path: Path) -> list[str]:
    try:
        # Only "\n" ends a line: the character of a line may be U+2028 or U+0085.
        return path.read_bytes().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 ({error.reason}); save the file as UTF-8") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); check data.gold") from error


def _row(line: str, where: str) -> _Row:
    """The first column is the character, the last one the tag; a line may begin with a blank character."""
    columns = re.split("[ \t]+", line)
    if len(columns) < 2:
        raise DataError(f"{where}: {line!r} where a character, a blank and a tag were expected")
    return _Row(where, columns[0] or line[0], columns[-1])


def _parsed(row: _Row) -> tuple[str, str]:
    found = _TAG.fullmatch(row.tag)
    if not found:
        raise DataError(
            f"{row.where}: the tag {row.tag!r}; known are O and B-, I-, M-, E-, S- with a label behind"
        )
    return (found[1] or "O", found[2] or "")


def _stretches(
    tags: Sequence[tuple[str, str]], rows: Sequence[_Row], *, closed: bool
) -> tuple[list[PlainSpan], list[_Fault]]:
    """Stretches of tokens, and where the sequence is broken."""
    found: list[PlainSpan] = []
    faults: list[_Fault] = []
    opened: tuple[int, str] | None = None
    for place, (part, label) in enumerate([*tags, ("O", "")]):
        if part in _INSIDE and (opened is None or opened[1] != label):
            before = rows[place - 1].tag if place else "nothing"
            faults.append(_Fault(rows[place].where, f"{rows[place].tag} follows {before}"))
            opened = None
            continue
        if part not in _INSIDE and opened:
            begin, name = opened
            if closed:
                faults.append(_Fault(rows[begin].where, f"{rows[begin].tag} comes to no E-{name}"))
            found.append((begin, place, name))
            opened = None
        if part == "B":
            opened = (place, label)
        elif part == "S":
            found.append((place, place + 1, label))
        elif part == "E" and opened:
            found.append((opened[0], place + 1, label))
            opened = None
    return found, faults


def _text(rows: Sequence[_Row], stretches: Iterable[PlainSpan]) -> TaggedText:
    """From tokens to characters."""
    ends = [0, *accumulate(len(row.token) for row in rows)]
    spans = tuple((ends[start], ends[end], label) for start, end, label in stretches)
    return TaggedText("".join(row.token for row in rows), spans)
