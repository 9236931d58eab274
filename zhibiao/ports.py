"""What stages hand one another: the one Protocol behind which rules and models stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from zhibiao.schema import Document, Prediction


class SpanPredictor(Protocol):
    """Puts labelled spans, and links where it can, on documents; one Prediction per Document, in order."""

    @property
    def name(self) -> str:
        """Identifies the predictor in manifests: `rules/<version>` or a model id."""
        ...

    def predict(self, documents: Iterable[Document]) -> Iterator[Prediction]:
        """Lazily: holds no more than a batch of documents at a time."""
        ...
