"""Files to Documents: encodings, formats, metadata, sections, sentences."""

from zhibiao.documents.building import build

__all__ = ["build"]
