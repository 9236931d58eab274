"""From inline source to plain text and the marks on it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from zhibiao.errors import DataError
from zhibiao.schema import Kind, Label, Span

_T = TypeVar("_T")

LETTERS = {"I": Label.INDICATOR, "V": Label.VALUE, "U": Label.UNIT, "G": Label.GROWTH, "Y": Label.YEAR}
SPAN_ENDS = frozenset("。！？；!?;\n")

_TOKEN = re.compile(
    r"\\(?P<escaped>[\\{}])|\{@(?P<switch>[^{}:\n]*)\}|\{(?P<head>[^{}:\n]*):(?P<marked>(?:\\[\\{}]|[^{}\\])*)\}|(?P<stray>[{}\\])"
)
_KEY = "(?:[0-9]+|[a-z][a-z0-9]*)"
_HEAD = re.compile(rf"([A-Za-z])((?:{_KEY}(?:,{_KEY})*)?)([.;]?)((?: \S+)*)")
_KINDS = {"t": Kind.TARGET, "a": Kind.ACTUAL}


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a mark says beyond its text; None means not said."""

    year: int | None = None
    kind: Kind | None = None
    qualifier: str | None = None
    growth_rate: Decimal | None = None
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked span; `defaults` are the year and kind in force where it stands, `line` is for messages."""

    span: Span
    keys: tuple[str, ...]
    reach: str
    attributes: Attributes
    defaults: tuple[int, Kind]
    line: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A plain text with its marks in order."""

    name: str
    text: str
    marks: tuple[Mark, ...]


def scan(body: str, name: str, *, first_line: int, year: int) -> Marked:
    """Take the marks out of `body`, which begins at `first_line` of the file `name`."""
    scanner = _Scanner(name, (year, Kind.ACTUAL))
    position, line = 0, first_line
    for token in _TOKEN.finditer(body):
        scanner.plain(body[position : token.start()])
        line += body.count("\n", position, token.start())
        scanner.token(token, line)
        line += token.group().count("\n")
        position = token.end()
    scanner.plain(body[position:])
    return Marked(name, "".join(scanner.pieces), tuple(scanner.marks))


class _Scanner:
    """Grows the plain text and the marks, token by token."""

    def __init__(self, name: str, defaults: tuple[int, Kind]) -> None:
        self.name = name
        self.defaults = defaults
        self.pieces: list[str] = []
        self.marks: list[Mark] = []
        self.length = 0

    def plain(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)

    def token(self, token: re.Match[str], line: int) -> None:
        if token["escaped"] is not None:
            self.plain(token["escaped"])
        elif token["switch"] is not None:
            said = _attributes(token["switch"].split(), f"{self.name}:{line}")
            self.defaults = (said.year or self.defaults[0], said.kind or self.defaults[1])
        elif token["head"] is not None:
            marked = re.sub(r"\\([\\{}])", r"\1", token["marked"])
            self.marks.append(self._mark(token["head"], marked, line))
            self.plain(marked)
        else:
            finding = f"{self.name}:{line}: stray {token.group()!r}"
            raise DataError(f"{finding}; a mark is {{I:text}}, escape a literal one with a backslash")

    def _mark(self, head: str, text: str, line: int) -> Mark:
        where = f"{self.name}:{line}"
        parts = _HEAD.fullmatch(head)
        if parts is None or parts[1] not in LETTERS:
            raise DataError(f"{where}: unknown mark {{{head}:{text}}}; the slots are I V U G Y")
        if parts[3] and (parts[1] != "Y" or parts[2]):
            raise DataError(f"{where}: {{{head}:{text}}}: only a Y without keys has a reach")
        _check_edges(text, where)
        attributes = _attributes(parts[4].split(), where)
        if not _belong(attributes, parts[1]):
            raise DataError(f"{where}: {{{head}:{text}}}: attributes stand on a V or G, a year also on a Y")
        span = Span(self.length, self.length + len(text), LETTERS[parts[1]])
        keys = tuple(parts[2].split(",")) if parts[2] else ()
        return Mark(span, keys, parts[3], attributes, self.defaults, line)


def _belong(attributes: Attributes, letter: str) -> bool:
    if letter == "Y":
        return attributes == Attributes(year=attributes.year)
    return letter in "VG" or attributes == Attributes()


def _check_edges(text: str, where: str) -> None:
    """Refuse a span that is empty, begins or ends with punctuation or a blank, or crosses a sentence end."""
    if not text:
        raise DataError(f"{where}: an empty mark")
    crossed = SPAN_ENDS.intersection(text)
    if crossed:
        raise DataError(f"{where}: {text!r} crosses a sentence end {sorted(crossed)}")
    for edge in (text[0], text[-1]):
        if _is_outer(edge):
            raise DataError(f"{where}: {text!r} has {edge!r} at its edge; leave it outside")


def _is_outer(character: str) -> bool:
    return unicodedata.category(character)[0] in "PZC" and character not in "%％‰"


def _attributes(words: list[str], where: str) -> Attributes:
    said = Attributes()
    for word in words:
        said = _with(said, word, where)
    return said


def _with(said: Attributes, word: str, where: str) -> Attributes:
    """`said` and what one more attribute says."""
    if word == "-":
        return replace(said, undated=True)
    if word in _KINDS:
        return replace(said, kind=_first(said.kind, _KINDS[word], where))
    if re.fullmatch(r"(?:19|20)\d\d", word):
        return replace(said, year=_first(said.year, int(word), where))
    if word.startswith("r="):
        return replace(said, growth_rate=_first(said.growth_rate, _rate(word[2:], where), where))
    if word.isascii():
        raise DataError(f"{where}: unknown attribute {word!r}; known: a year, t, a, -, r=RATE, a qualifier")
    return replace(said, qualifier=_first(said.qualifier, word, where))


def _first(before: _T | None, value: _T, where: str) -> _T:
    if before is not None:
        raise DataError(f"{where}: a mark says both {before} and {value}; leave one")
    return value


def _rate(text: str, where: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise DataError(f"{where}: r={text} is no number; write r=-4.2") from None
