"""Bytes to text, strictly: one encoding fits and the result looks like Chinese, or the file is refused.

Nothing is replaced or ignored in decoding, and line ends stay as they are. A byte order mark decides and is
no part of the text. Without one, bytes that are valid UTF-8 are UTF-8; any other reading must be the only
one of GB18030, UTF-16 LE and UTF-16 BE that looks like Chinese (see `plausibility`).
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from zhibiao.documents.plausibility import SURE_SHARE, Census, Verdict, is_private, judge
from zhibiao.errors import ReadError

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16 LE, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_GUESSES = ("gb18030", "utf-16-le", "utf-16-be")
_CODECS = {"utf-8-sig": "utf-8"}

_SHORT = 40
"""Valid UTF-8 with fewer letters than this is believed when half of them are hanzi, common or not."""

_FEW = 16
"""UTF-16 without a byte order mark is not believed on fewer letters than this."""

_MAX_CONTROL_SHARE = 0.1
_MAX_DAMAGED_SHARE = 0.001
_MAX_PRIVATE_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text without byte order mark, the encoding chosen, and what the user should know about it."""

    text: str
    encoding: str
    notes: tuple[str, ...]


def decode(data: bytes, path: Path) -> Decoded:
    """The one reading of `data` that holds up; ReadError, citing `path`, when there is none."""
    mark = next(((bom, name) for bom, name in _BOMS if data.startswith(bom)), None)
    if mark is not None:
        return _decode_marked(data[len(mark[0]) :], mark[1], path)
    if b"\0" not in data:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            return _guess(data, path, utf8_error=error)
        return _checked(text, judge(text), "utf-8", path)
    return _guess(data, path, utf8_error=None)


def check_readable(text: str, path: Path, remedy: str) -> None:
    """Refuses a text whose characters are known but wrong, as a PDF's broken fonts give."""
    verdict = judge(text)
    if verdict.total.letters >= _SHORT and not verdict.is_chinese:
        raise ReadError(path, f"unreadable text: {_implausible(verdict)}", remedy)


def _decode_marked(body: bytes, encoding: str, path: Path) -> Decoded:
    if encoding.startswith("utf-32"):
        raise ReadError(path, "a UTF-32 text", _convert("UTF-32", path))
    try:
        text = body.decode(_CODECS.get(encoding, encoding))
    except UnicodeDecodeError as error:
        finding = (
            f"starts with the byte order mark of {encoding} but is not valid {encoding}: {_where(error)}"
        )
        raise ReadError(path, finding, "save the file again as UTF-8") from error
    return _checked(text, judge(text), encoding, path)


def _guess(data: bytes, path: Path, *, utf8_error: UnicodeDecodeError | None) -> Decoded:
    readings: dict[str, tuple[str, Verdict]] = {}
    failures = [] if utf8_error is None else [f"utf-8: {_where(utf8_error)}"]
    for encoding in _GUESSES:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            failures.append(f"{encoding}: {_where(error)}")
            continue
        verdict = judge(text)
        if _is_convincing(verdict, encoding) and "\0" not in text:
            readings[encoding] = (text, verdict)
        else:
            failures.append(f"{encoding}: decodes, but {_implausible(verdict)}")
    if len(readings) == 1:
        ((encoding, (text, verdict)),) = readings.items()
        return _checked(text, verdict, encoding, path)
    if readings:
        finding = f"undecided encoding: {' and '.join(readings)} both give Chinese text"
        raise ReadError(path, finding, "save the file again as UTF-8 with a byte order mark")
    raise _unreadable(data, failures, path)


def _is_convincing(verdict: Verdict, encoding: str) -> bool:
    """UTF-16 takes nearly any bytes, so that a few of its characters prove nothing."""
    if encoding == "gb18030":
        return verdict.is_surely_chinese
    return verdict.is_chinese and verdict.total.letters >= _FEW and verdict.total.share >= SURE_SHARE


def _unreadable(data: bytes, failures: list[str], path: Path) -> ReadError:
    if _is_binary(data):
        return ReadError(
            path, f"a binary file, not a text ({_binary_sign(data)})", "give the report's document file"
        )
    return ReadError(path, f"unknown encoding ({'; '.join(failures)})", _convert(_other_encoding(data), path))


def _checked(text: str, verdict: Verdict, encoding: str, path: Path) -> Decoded:
    total = verdict.total
    _refuse_binary(text, verdict, path)
    if total.lost > total.letters * _MAX_DAMAGED_SHARE:
        finding = (
            f"damaged text: {total.lost} lost characters (U+FFFD or 锟斤拷), first at {_first_lost(text)}"
        )
        raise ReadError(path, finding, "an earlier conversion lost them; get the original file")
    if not _believable(verdict, encoding):
        finding = f"mojibake: valid {encoding}, but {_implausible(verdict)}"
        raise ReadError(path, finding, "an earlier conversion used a wrong encoding; get the original file")
    return Decoded(text, encoding, tuple(_notes(text, encoding, total)))


def _believable(verdict: Verdict, encoding: str) -> bool:
    total = verdict.total
    if total.private > total.letters * _MAX_PRIVATE_SHARE and total.private > 2:
        return False
    if encoding == "gb18030":
        return verdict.is_surely_chinese
    return verdict.is_chinese or (total.letters < _SHORT and total.hanzi * 2 >= total.letters)


def _refuse_binary(text: str, verdict: Verdict, path: Path) -> None:
    remedy = "give the report's document file"
    if "\0" in text:
        raise ReadError(
            path, f"a binary file, not a text (NUL character at offset {text.index(chr(0))})", remedy
        )
    controls = verdict.total.controls
    if controls > len(text) * _MAX_CONTROL_SHARE and not verdict.is_chinese:
        finding = f"a binary file, not a text ({controls} control characters among {len(text)})"
        raise ReadError(path, finding, remedy)


def _notes(text: str, encoding: str, total: Census) -> list[str]:
    notes = []
    if encoding != "utf-8":
        share = f"{total.share:.0%} of its non-ASCII letters are common Chinese characters"
        notes.append(f"read as {encoding}: {share}" if total.letters else f"read as {encoding}")
    if total.letters == 0:
        notes.append("the text holds no Chinese character")
    if total.lost:
        notes.append(f"{total.lost} lost characters (U+FFFD or 锟斤拷), first at offset {_first_lost(text)}")
    if total.private:
        first = next(offset for offset, char in enumerate(text) if is_private(char))
        notes.append(f"{total.private} private-use characters, first at offset {first}")
    if total.controls:
        notes.append(f"{total.controls} control characters kept as they are")
    return notes


def _first_lost(text: str) -> int:
    return min(at for at in (text.find("\ufffd"), text.find("锟斤拷")) if at >= 0)


def _implausible(verdict: Verdict) -> str:
    total = verdict.total
    if total.letters == 0:
        return "it holds no Chinese character"
    found = f"only {total.share:.0%} of its letters are common Chinese characters (a report has about 75%)"
    if verdict.bad_block is not None:
        found += f", least from offset {verdict.bad_block}"
    if verdict.is_chinese:
        found = "it is damaged"
    return found + (
        f"; {total.private} of {total.letters} are private-use characters" if total.private else ""
    )


def _where(error: UnicodeDecodeError) -> str:
    return f"byte 0x{error.object[error.start]:02x} at byte offset {error.start} ({error.reason})"


def _is_binary(data: bytes) -> bool:
    head = data[:65536]
    controls = sum(byte < 32 and byte not in b"\t\n\v\f\r" for byte in head)
    return b"\0" in data or controls > len(head) * _MAX_CONTROL_SHARE


def _binary_sign(data: bytes) -> str:
    at = data.find(b"\0")
    return f"NUL byte at byte offset {at}" if at >= 0 else "many control characters"


def _other_encoding(data: bytes) -> str:
    for encoding in ("big5", "shift_jis"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if judge(text).is_surely_chinese:
            return encoding.upper().replace("_", "-")
    return "THE_ENCODING"


def _convert(encoding: str, path: Path) -> str:
    name = path.name
    known = (
        "find out its encoding and convert it"
        if encoding == "THE_ENCODING"
        else f"it may be {encoding}; convert it"
    )
    return f"{known}: iconv -f {encoding} -t UTF-8 '{name}' > 'utf8-{name}'"
