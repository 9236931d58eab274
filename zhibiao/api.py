"""The public Python API: what `import zhibiao` offers, gathered from the rooms that do the work.

This is the composition layer: only it and the command line may know every stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhibiao.ports import SpanPredictor
    from zhibiao.schema import Document, GoldReport, Record
    from zhibiao.scoring import RecordScores

__all__ = ["extract", "load_predictor", "read", "score"]


def read(
    path: str | PathLike[str], *, id: str | None = None, overrides: Mapping[str, str | int] | None = None
) -> Document:
    """Read a report from a .txt, .html, .docx or .pdf file; `overrides` are metadata fields that win."""
    from zhibiao import documents

    return documents.read(Path(path), id=id, overrides=overrides)


def load_predictor(source: str | PathLike[str], *, advised: bool = True) -> SpanPredictor:
    """The predictor called `"rules"`, or the model in a directory.

    The rules advise a model, as in `zhibiao extract`, unless `advised` is False.
    """
    from zhibiao.rules import RulePredictor

    if source == "rules":
        return RulePredictor()
    from zhibiao.tagger.loading import ModelFactory

    return ModelFactory(Path(source), advised=advised)()


def extract(documents: Iterable[Document], predictor: SpanPredictor) -> Iterator[Record]:
    """The records of documents, lazily and in order."""
    from zhibiao.assemble import assemble

    for prediction in predictor.predict(documents):
        yield from assemble(prediction)


def score(
    gold: Iterable[GoldReport], predicted: Iterable[Record], *, group_by: str | None = None
) -> RecordScores:
    """How well predicted records match gold; `group_by` is `district`, `publisher` or `city`."""
    from zhibiao import scoring

    return scoring.score(gold, predicted, group_by=group_by)
