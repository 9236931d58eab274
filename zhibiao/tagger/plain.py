"""Plain tagging: texts and stretches of any label set, without records. Models of other labels than ours are
used through it; each text is one sentence.

    for spans in tag(load_model(Path("models/resume")), ["林岚，棠湾大学硕士"]):
        print(spans)  # [(0, 2, "NAME"), (3, 7, "ORG"), ...]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhibiao.schema import Document, Metadata, Sentence
from zhibiao.tagger.predictor import Model, TaggerPredictor

__all__ = ["PlainSpan", "as_document", "tag"]

PlainSpan = tuple[int, int, str]
"""`(start, end, label)`: half-open code points."""


def as_document(text: str) -> Document:
    """A text as one sentence of which nothing else is known."""
    return Document("", text, Metadata(), (), (Sentence(0, len(text), 0, 0),))


def tag(model: Model, texts: Iterable[str]) -> Iterator[list[PlainSpan]]:
    """The stretches of each text in text order, through the one decode path."""
    predictor = TaggerPredictor(model, linking=False)
    labels = model.scheme.labels
    for _, found in predictor.find(map(as_document, texts)):
        yield [(start, end, str(labels[label])) for start, end, label in sorted(found.stretches)]
