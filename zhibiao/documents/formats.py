"""Which file holds what: extension and content have to agree, and every refusal names the way out."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from types import MappingProxyType

from zhibiao.errors import ReadError

FORMATS = MappingProxyType({".txt": "txt", ".html": "html", ".htm": "html", ".docx": "docx", ".pdf": "pdf"})
"""Extensions that are read, in lower case, and the format that each stands for."""

_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!", "archive"),
    (b"MIME-Version:", "mhtml"),
    (b"From: <Saved by", "mhtml"),
)
_ZIP_MEMBERS = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "sheet"),
    ("ppt/presentation.xml", "slides"),
    ("OFD.xml", "ofd"),
)
_OLE_STREAMS = (("EncryptedPackage", "encrypted"), ("WordDocument", "doc"), ("Workbook", "sheet"))
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_PDF_SUFFIX, _PDF_HEAD = ".pdf", 1024

_NAMES = {
    "pdf": "a PDF",
    "docx": "a DOCX document",
    "html": "an HTML page",
    "txt": "plain text",
    "doc": "an old Word or WPS document",
    "encrypted": "a password-protected Office document",
    "ole": "an old Office document (OLE)",
    "sheet": "a spreadsheet",
    "slides": "a presentation",
    "ofd": "an OFD document",
    "odt": "an OpenDocument text",
    "rtf": "an RTF document",
    "image": "an image",
    "archive": "an archive",
    "zip": "a ZIP archive",
    "mhtml": "a web archive (MHTML)",
    "viewer": "a document for a special viewer",
}
_SUFFIXES = {
    "doc": ".doc .dot .wps .wpt",
    "rtf": ".rtf",
    "odt": ".odt",
    "ofd": ".ofd",
    "sheet": ".xls .xlsx .xlsm .et .ods",
    "slides": ".ppt .pptx .dps",
    "image": ".png .jpg .jpeg .gif .bmp .tif .tiff",
    "archive": ".zip .rar .7z .gz .tar",
    "mhtml": ".mht .mhtml",
    "viewer": ".ceb .caj",
}
_WAYS_OUT = {
    "doc": "convert it: libreoffice --headless --convert-to docx '{name}'",
    "rtf": "convert it: libreoffice --headless --convert-to docx '{name}'",
    "odt": "convert it: libreoffice --headless --convert-to docx '{name}'",
    "ole": "convert it: libreoffice --headless --convert-to docx '{name}'",
    "encrypted": "open it with its password and save a copy without",
    "ofd": "open it in WPS Office or an OFD viewer and export it as DOCX or PDF",
    "sheet": "convert it: libreoffice --headless --convert-to html '{name}'",
    "slides": "convert it: libreoffice --headless --convert-to pdf '{name}'",
    "image": "recognise its text first (OCR, e.g. tesseract '{name}' '{stem}' -l chi_sim)",
    "archive": "unpack it and give the documents inside",
    "zip": "unpack it and give the documents inside",
    "mhtml": "open it in a browser and save it as HTML",
    "viewer": "open it in its viewer and export it as PDF",
}


def supported(path: Path | str) -> bool:
    """Whether the extension is one that `read` takes; the content is looked at in reading."""
    return Path(path).suffix.lower() in FORMATS


def settle_format(data: bytes, path: Path) -> str:
    """`txt`, `html`, `docx` or `pdf`; ReadError where the extension is unknown or the content belies it."""
    suffix = path.suffix.lower()
    named, found = FORMATS.get(suffix), _content(data, suffix)
    if named is None:
        raise _unread(path, suffix, found)
    if found == named or (named == "html" and found == "txt"):
        return named
    if found == "txt" and named != "txt":
        raise ReadError(
            path, f"named {suffix} but not {_NAMES[named]}", "the file is broken or misnamed; get it again"
        )
    raise ReadError(path, f"named {suffix} but holds {_NAMES[found]}", _way_out(found, path))


def _unread(path: Path, suffix: str, found: str) -> ReadError:
    if found in FORMATS.values() and found != "txt":
        named = f"named {suffix}" if suffix else "without an extension"
        return ReadError(path, f"{named} but holds {_NAMES[found]}", _way_out(found, path))
    kind = next((kind for kind, suffixes in _SUFFIXES.items() if suffix in suffixes.split()), found)
    if kind == "txt":
        read = " ".join(FORMATS)
        finding = f"the extension {suffix!r} is not read (only {read})"
        return ReadError(path, finding, "if it is plain text, rename it to .txt")
    return ReadError(path, f"{_NAMES[kind]}, which is not read", _way_out(kind, path))


def _way_out(kind: str, path: Path) -> str:
    if kind in FORMATS.values():
        return f"rename it to {path.stem}.{kind}"
    return _WAYS_OUT[kind].format(name=path.name, stem=path.stem)


def _content(data: bytes, suffix: str) -> str:
    kind = next((kind for magic, kind in _MAGIC if data.startswith(magic)), "txt")
    if kind == "zip":
        return _zip_kind(data, suffix)
    if kind == "ole":
        head = data[: 1 << 20]
        return next((kind for stream, kind in _OLE_STREAMS if stream.encode("utf-16-le") in head), "ole")
    if suffix == _PDF_SUFFIX and b"%PDF-" in data[:_PDF_HEAD]:  # viewers accept junk before the header
        return "pdf"
    if kind == "txt" and _HTML.match(data[:4096].removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return kind


def _zip_kind(data: bytes, suffix: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return "docx" if suffix == ".docx" else "zip"  # the DOCX reader says what is broken
    if "content.xml" in names and "mimetype" in names:
        return "odt"
    return next((kind for member, kind in _ZIP_MEMBERS if member in names), "zip")
