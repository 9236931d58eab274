"""Text to Document: paragraphs, sentences, metadata and sections put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from zhibiao.documents.headings import find_headings
from zhibiao.documents.metadata import find_metadata
from zhibiao.documents.roles import Years
from zhibiao.documents.sections import find_sections
from zhibiao.documents.sentences import split_paragraphs, split_sentences
from zhibiao.schema import Document, Finding, Section, Sentence, Source


def build(
    text: str,
    *,
    id: str,
    known: Mapping[str, Finding] | None = None,
    source: Source | None = None,
    notes: tuple[str, ...] = (),
) -> Document:
    """A Document of any text; `known` metadata wins over what the text says."""
    paragraphs = tuple(split_paragraphs(text))
    headings = dict(find_headings(text, paragraphs))
    metadata, missing = find_metadata(text, paragraphs, headings, known or {})
    below = {number: heading for number, heading in headings.items() if heading.words(text) != metadata.title}
    sections = find_sections(text, paragraphs, below, Years.of_report(metadata))
    sentences = tuple(_in_sections(split_sentences(text, paragraphs), sections))
    return Document(id, text, metadata, sections, sentences, source, notes + missing)


def _in_sections(pieces: Iterable[tuple[int, int, int]], sections: Sequence[Section]) -> Iterator[Sentence]:
    """Sections start where paragraphs start, so each sentence lies in one."""
    number = 0
    for start, end, paragraph in pieces:
        while start >= sections[number].end:
            number += 1
        yield Sentence(start, end, paragraph, number)
