"""PDF with a text layer: paragraphs rebuilt from printed lines, ruled tables as rows."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page as PdfPage
from pdfplumber.table import Table
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from zhibiao.documents.extracted import Extracted
from zhibiao.documents.pdf_lines import Line, drop_running, paragraphs
from zhibiao.documents.rows import row_lines
from zhibiao.errors import ReadError

_BROKEN = (
    PdfminerException,
    MalformedPDFException,
    PSException,
    # what pdfplumber lets through where a broken file breaks its expectations (found by fuzzing)
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
_UNMAPPED = re.compile(r"\(cid:\d+\)")
_MAX_UNMAPPED_SHARE = 0.01
_GAP = 0.6
"""Characters further apart than this many character widths stand in different words (or table columns)."""

_FEW_CHARACTERS = 20
_OCR = "recognise its text first: ocrmypdf -l chi_sim '{name}' 'ocr-{name}'"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What one page gave; `scanned` where it is a picture with no text worth the name."""

    lines: tuple[Line, ...]
    scanned: bool


def extract(data: bytes, path: Path) -> Extracted:
    """The pages' text; ReadError for scans, passwords and broken files."""
    try:
        with _faults() as faults, pdfplumber.open(io.BytesIO(data)) as pdf:
            sheets = [_sheet(page) for page in pdf.pages]
    except _BROKEN as error:
        raise _refusal(error, path) from error
    if not any(sheet.lines for sheet in sheets):
        _refuse_empty(sheets, path)
    running = drop_running([sheet.lines for sheet in sheets])
    text = "".join(f"{paragraph}\n" for paragraph in paragraphs(running.pages))
    unmapped = len(_UNMAPPED.findall(text))
    if unmapped > len(text) * _MAX_UNMAPPED_SHARE:
        finding = f"a PDF whose fonts do not say which characters they show ({unmapped} unknown)"
        raise ReadError(path, finding, _OCR.format(name=path.name))
    counts = {
        "page numbers": running.page_numbers,
        "running heads or feet": running.heads,
    }
    notes = [f"left out: {count} {what}" for what, count in counts.items() if count]
    notes += _doubts(sheets, unmapped)
    notes += [f"{len(faults)} warnings of the PDF parser, first: {faults[0]}"] if faults else []
    return Extracted(text, notes=tuple(notes))


class _Faults(logging.Handler):
    """Collects warnings."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _faults() -> Iterator[list[str]]:
    """What pdfminer logs of a file's faults, for the notes instead of the terminal."""
    handler, logger = _Faults(), logging.getLogger("pdfminer")
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield handler.messages
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate


def _refusal(error: Exception, path: Path) -> ReadError:
    if any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args)):
        return ReadError(path, "password-protected", "open it with its password and save a copy without")
    reason = f"{type(error).__name__}: {error}".removesuffix(": ")
    return ReadError(
        path, f"a broken PDF ({reason})", "get the file again, or print it to a new PDF from a viewer"
    )


def _refuse_empty(sheets: list[_Sheet], path: Path) -> None:
    if not sheets:
        raise ReadError(
            path, "a broken PDF (no pages)", "get the file again, or print it to a new PDF from a viewer"
        )
    kind = "a scanned PDF" if any(sheet.scanned for sheet in sheets) else "a PDF without text"
    finding = f"{kind}: none of its {len(sheets)} pages has a text layer"
    raise ReadError(path, finding, _OCR.format(name=path.name))


def _doubts(sheets: list[_Sheet], unmapped: int) -> Iterator[str]:
    scanned = [str(number) for number, sheet in enumerate(sheets, 1) if sheet.scanned]
    if scanned:
        yield f"pages without a text layer (scanned), not read: {', '.join(scanned)}"
    if unmapped:
        yield f"{unmapped} characters that the PDF's fonts do not name, kept as (cid:…)"


def _sheet(page: PdfPage) -> _Sheet:
    """Reads a page and lets go of what pdfplumber has kept of it."""
    try:
        lines = tuple(_lines(page)) if page.chars else ()
        few = sum(len(line.text) for line in lines) < _FEW_CHARACTERS
        return _Sheet(lines, few and _has_large_picture(page))
    finally:
        page.close()


def _has_large_picture(page: PdfPage) -> bool:
    area = float(page.width * page.height)
    return any(float(image["width"] * image["height"]) > area / 2 for image in page.images)


def _lines(page: PdfPage) -> Iterator[Line]:
    """Printed lines and table rows from top to bottom."""
    clean = page.dedupe_chars()  # bold is often printed as the same character twice
    tables = [table for table in clean.find_tables() if _is_table(table)] if page.lines or page.rects else []
    found = [(table.bbox[1], line) for table in tables for line in _rows(table)]
    boxes = [table.bbox for table in tables]
    prose = clean.filter(lambda item: not any(_is_inside(item, box) for box in boxes))
    for line in prose.extract_text_lines(return_chars=False, x_tolerance_ratio=_GAP):
        size = float(line["bottom"] - line["top"])
        found.append((line["top"], Line(line["text"], float(line["x0"]), float(line["x1"]), size)))
    return (line for _, line in sorted(found, key=lambda each: each[0]))


def _is_inside(item: Mapping[str, Any], box: tuple[float, float, float, float]) -> bool:
    across, down = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _is_table(table: Table) -> bool:
    """A frame around prose has one column; a page break may leave one row alone."""
    return max(len(row.cells) for row in table.rows) > 1


def _rows(table: Table) -> Iterator[Line]:
    left, _, right, _ = map(float, table.bbox)
    for row in table.extract(x_tolerance_ratio=_GAP):
        cells = [[cell.replace("\n", "")] if cell and cell.strip() else [] for cell in row]
        for text in row_lines(cells):
            yield Line(text, left, right, 0, row=True)
