"""Files to Documents: encodings, formats, metadata, sections, sentences."""

from zhibiao.documents.building import build
from zhibiao.documents.formats import FORMATS, supported
from zhibiao.documents.reading import read

__all__ = ["FORMATS", "build", "read", "supported"]
