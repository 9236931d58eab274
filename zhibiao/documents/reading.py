"""A file of any format that zhibiao knows, as a Document."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from zhibiao.documents.building import build
from zhibiao.documents.encodings import check_readable
from zhibiao.documents.extracted import Extracted
from zhibiao.documents.formats import settle_format
from zhibiao.documents.radicals import restore_characters
from zhibiao.documents.sidecar import check_overrides, find_sidecar
from zhibiao.errors import ReadError
from zhibiao.schema import Document, Finding, Source

MAX_BYTES = 256 << 20
"""Larger files are refused: no report has this size, and a Document holds its text in memory."""

_READERS = {
    "txt": "zhibiao.documents.text_reader",
    "html": "zhibiao.documents.html_reader",
    "docx": "zhibiao.documents.docx_reader",
    "pdf": "zhibiao.documents.pdf_reader",
}
_NO_FONT = "open it and look; where it looks right, print it to an image and recognise the text (OCR)"
_TITLE_IN_NAME = re.compile("[\u4e00-\u9fff].*(?:报告|总结|公报)")


class _Reader(Protocol):
    def extract(self, data: bytes, path: Path) -> Extracted: ...


def read(
    path: Path | str, *, id: str | None = None, overrides: Mapping[str, str | int] | None = None
) -> Document:
    """The report in `path` with metadata, sections and sentences.

    Metadata comes from, strongest first: `overrides`, a sidecar (`report.toml`, `metadata.toml`,
    `metadata.csv`), the page around the text (HTML), the text, a page's stated source, the file's name.
    `id` is the sidecar's or the file's stem unless given. Raises ReadError for a file that cannot be read,
    ConfigError for metadata that cannot be used.
    """
    path = Path(path)
    options = check_overrides(overrides or {})
    data = _bytes(path)
    format = settle_format(data, path)
    source = Source(path.name, hashlib.sha256(data).hexdigest(), format)
    extracted = _reader(format).extract(data, path)
    del data  # a Document of a large file is large enough by itself
    extracted = _checked(extracted, format, path)
    sidecar = find_sidecar(path)
    known = {**extracted.known, **sidecar.findings, **options}
    return _document(
        extracted, id or sidecar.id or path.stem, known, replace(source, encoding=extracted.encoding)
    )


def _checked(extracted: Extracted, format: str, path: Path) -> Extracted:
    """Refuses blank and unreadable text; puts characters for radicals, except in plain text."""
    if not extracted.text.strip():
        raise ReadError(path, "no text in it, only blanks", "get the report's file again")
    restored, count = restore_characters(extracted.text)
    if format == "txt":
        note = f"{count} radicals stand for characters (copied from a PDF?), left as they are: ⻓ is not 长"
        return replace(extracted, notes=(*extracted.notes, note)) if count else extracted
    check_readable(restored, path, _NO_FONT)
    note = f"{count} radicals written as the characters they stand for (⻓ as 长)"
    return replace(extracted, text=restored, notes=(*extracted.notes, note)) if count else extracted


def _document(extracted: Extracted, id: str, known: Mapping[str, Finding], source: Source) -> Document:
    document = build(extracted.text, id=id, known=known, source=source, notes=extracted.notes)
    fallback = {**_in_name(Path(source.name).stem), **extracted.fallback}
    missing = {key: finding for key, finding in fallback.items() if key not in document.metadata.findings}
    if not missing:
        return document
    return build(extracted.text, id=id, known={**known, **missing}, source=source, notes=extracted.notes)


def _in_name(stem: str) -> dict[str, Finding]:
    return {"title": Finding(stem, "file name")} if _TITLE_IN_NAME.search(stem) else {}


def _reader(format: str) -> _Reader:
    """Imported when needed: PDF and HTML libraries are slow to load."""
    return cast(_Reader, import_module(_READERS[format]))


def _bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ReadError(
                path, "a folder, not a file", "name a file in it, or give the folder to zhibiao extract"
            )
        if not stat.S_ISREG(status.st_mode):
            raise ReadError(path, "not a regular file", "copy its content into a file")
        if status.st_size > MAX_BYTES:
            finding = f"{status.st_size >> 20} MiB, more than {MAX_BYTES >> 20} MiB"
            raise ReadError(path, finding, "split it into one file per report")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError(path, "no such file", "check the name and the folder") from error
    except PermissionError as error:
        raise ReadError(
            path, "no permission to read it", "change its permissions (chmod u+r) or copy it"
        ) from error
    except OSError as error:
        raise ReadError(
            path, f"cannot be read ({error.strerror or error})", "check the disk and the name"
        ) from error
    if not data:
        raise ReadError(path, "an empty file", "get the report's file again")
    return data
