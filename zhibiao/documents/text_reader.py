"""Plain text: decoded strictly, otherwise untouched."""

from __future__ import annotations

from pathlib import Path

from zhibiao.documents.encodings import decode
from zhibiao.documents.extracted import Extracted


def extract(data: bytes, path: Path) -> Extracted:
    """Offsets of the Document are code points of this text; `\\r\\n` and control characters stay."""
    decoded = decode(data, path)
    return Extracted(decoded.text, decoded.encoding, notes=decoded.notes)
