"""DOCX: paragraphs, automatic numbers, tables as rows, and text boxes, in document order."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docx
from docx.document import Document as DocxDocument
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from lxml import etree

from zhibiao.documents.docx_numbering import Numbering, read_lists
from zhibiao.documents.extracted import Extracted
from zhibiao.documents.rows import row_lines
from zhibiao.errors import ReadError

MAX_UNPACKED = 256 << 20
"""Bytes that a DOCX may unpack to; checked against the directory before anything is unpacked."""

MAX_PART = 64 << 20
"""The same for one XML part, of which the tree takes many times the size."""

MAX_RATIO = 200
_RATIO_MATTERS = 16 << 20

_Element = etree._Element
_BROKEN = (
    PythonDocxError,
    OpcError,
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    LookupError,
    AttributeError,  # python-docx's on XML that is well-formed but no WordprocessingML
    ValueError,
    TypeError,
    EOFError,
    RecursionError,
    NotImplementedError,
)
_DEFINITIONS = ("numbering", "styles")
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_WRAPPERS = frozenset(
    map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag"))
) | {f"{_MC}AlternateContent", f"{_MC}Choice"}
_LEFT_OUT = {
    qn("w:del"): "tracked deletions",
    qn("w:moveFrom"): "moved passages at their old place",
    qn("w:footnoteReference"): "footnotes",
    qn("w:endnoteReference"): "endnotes",
    qn("w:commentReference"): "comments",
    qn("w:sym"): "symbols of special fonts",
    qn("w:altChunk"): "embedded documents",
    qn("w:object"): "embedded objects",
    "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic": "pictures",
    "{urn:schemas-microsoft-com:vml}imagedata": "pictures",
}
_SKIPPED = frozenset(
    {f"{_MC}Fallback", qn("w:pPr"), qn("w:rPr"), qn("w:rt"), qn("w:instrText"), qn("w:delText")}
)
_CHARACTERS = {
    qn("w:tab"): "\t",
    qn("w:ptab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}


def extract(data: bytes, path: Path) -> Extracted:
    """The body's text; what stands elsewhere or is no text is counted in the notes."""
    _refuse_bombs(data, path)
    document = _open(data, path)
    walk = _Walk(Numbering(read_lists(*(next(_parts(document, kind), None) for kind in _DEFINITIONS))))
    lines = [line for line in walk.lines(document.element.body) if line.strip()]
    return Extracted("".join(f"{line}\n" for line in lines), notes=tuple(_notes(walk.left_out, document)))


def _refuse_bombs(data: bytes, path: Path) -> None:
    remedy = "a report needs no such size; open it in Word or WPS and save a clean copy"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise ReadError(path, f"a broken DOCX ({error})", "get the file again") from error
    unpacked = sum(member.file_size for member in members)
    largest = max((member.file_size for member in members if _is_xml(member)), default=0)
    if unpacked > MAX_UNPACKED or largest > MAX_PART:
        raise ReadError(path, f"unpacks to {unpacked >> 20} MiB, more than is allowed (zip bomb?)", remedy)
    if unpacked > _RATIO_MATTERS and unpacked > MAX_RATIO * len(data):
        raise ReadError(path, f"unpacks to {unpacked // len(data)} times its size (zip bomb?)", remedy)
    if any(member.flag_bits & 0x1 for member in members):
        raise ReadError(path, "password-protected", "open it with its password and save a copy without")


def _is_xml(member: zipfile.ZipInfo) -> bool:
    return member.filename.lower().endswith((".xml", ".rels"))


def _open(data: bytes, path: Path) -> DocxDocument:
    try:
        document = docx.Document(io.BytesIO(data))
        roots = [document.element, *(root for kind in _DEFINITIONS for root in _parts(document, kind))]
    except _BROKEN as error:
        raise ReadError(
            path, f"a broken DOCX ({error})", "open it in Word or WPS and save it again"
        ) from error
    if any(root.getroottree().docinfo.internalDTD is not None for root in roots):
        raise ReadError(
            path, "a DOCX with a DTD in it (entity bomb?)", "open it in Word or WPS and save it again"
        )
    return document


def _parts(document: DocxDocument, kind: str) -> Iterator[_Element]:
    """Roots of the parts of that kind which are there; python-docx would make up missing ones."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
            part = relation.target_part
            yield from [part.element] if isinstance(part, XmlPart) else []


@dataclass(slots=True)
class _Walk:
    """One pass over the body, counting what is left out."""

    numbering: Numbering
    left_out: Counter[str] = field(default_factory=Counter)

    def lines(self, parent: _Element) -> Iterator[str]:
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child)
            elif child.tag in _WRAPPERS:
                yield from self.lines(child)
            elif child.tag in _LEFT_OUT:
                self.left_out[_LEFT_OUT[child.tag]] += 1

    def _paragraph(self, paragraph: _Element) -> Iterator[str]:
        boxes: list[_Element] = []
        label = self.numbering.label(paragraph)  # an empty paragraph counts too
        text = "".join(self._pieces(paragraph, boxes))
        if text.strip():
            yield from (label + text).split("\n")
        for box in boxes:
            yield from self.lines(box)

    def _pieces(self, parent: _Element, boxes: list[_Element]) -> Iterator[str]:
        for child in parent:
            if child.tag in (qn("w:t"), _MATH_TEXT):
                yield child.text or ""
            elif child.tag in _CHARACTERS:
                yield _CHARACTERS[child.tag]
            elif child.tag == qn("w:txbxContent"):
                boxes.append(child)
            elif child.tag in _LEFT_OUT:
                self.left_out[_LEFT_OUT[child.tag]] += 1
            elif child.tag not in _SKIPPED:
                yield from self._pieces(child, boxes)

    def _table(self, table: _Element) -> Iterator[str]:
        for row in _children(table, qn("w:tr")):
            cells = [list(self._cell(cell)) for cell in _children(row, qn("w:tc"))]
            yield from row_lines(cells)

    def _cell(self, cell: _Element) -> Iterator[str]:
        merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        if merged is None or merged.get(qn("w:val"), "continue") == "restart":
            yield from (line for line in self.lines(cell) if line.strip())


def _children(parent: _Element, tag: str) -> Iterator[_Element]:
    """Children of that kind, also inside content controls and tracked insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)


def _notes(left_out: Counter[str], document: DocxDocument) -> Iterator[str]:
    if left_out:
        yield "left out: " + ", ".join(f"{count} {what}" for what, count in sorted(left_out.items()))
    outside = sum(_length(document, kind) for kind in ("header", "footer"))
    if outside:
        yield f"left out: {outside} characters of page headers and footers"


def _length(document: DocxDocument, kind: str) -> int:
    texts = (node.text or "" for part in _parts(document, kind) for node in part.iter(qn("w:t")))
    return sum(len(text.strip()) for text in texts)
