"""Annotated reports to windows of numbers: what the network is trained on, as one Arrow table.

A row is a window: `ids` with [CLS] and [SEP]; `tags`, IGNORED where the window only reads; and its pairs of
spans as three flat lists, `edges` (four positions a pair), `features` and `targets`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhibiao.errors import DataError, SchemaError
from zhibiao.schema import Document, GoldReport, Label, Offsets, Span
from zhibiao.scoring import gold_spans
from zhibiao.tagger.alphabet import Alphabet
from zhibiao.tagger.pairs import N_FEATURES, pairs_of
from zhibiao.tagger.scheme import IGNORED, INDICATORS
from zhibiao.tagger.windows import Window, WindowPlan, piece_numbers, windows_of

if TYPE_CHECKING:
    from datasets import Dataset

__all__ = ["Example", "examples_of", "framed", "to_dataset"]

_LABELS = {label: number for number, label in enumerate(Label)}


@dataclass(frozen=True, slots=True)
class Example:
    """One window; the arrays have the shapes `(n,) (n,) (pairs, 4) (pairs, N_FEATURES) (pairs,)`."""

    ids: NDArray[np.int32]
    tags: NDArray[np.int16]
    edges: NDArray[np.int32]
    features: NDArray[np.int32]
    targets: NDArray[np.int8]


def examples_of(
    report: GoldReport, alphabet: Alphabet, plan: WindowPlan, *, confidence: float = 0.0
) -> Iterator[Example]:
    """The windows of a report that teach something.

    Silver reports hold the confidence of every sentence in `extra["sentences"]`; those below `confidence` are
    read but not learned.
    """
    document = report.document
    spans, unsafe = _taught(report, confidence)
    tags = _tags(document, spans, unsafe)
    ids = alphabet.ids(document.text)
    pairs = _all_pairs(report, spans)
    for window in windows_of(document, plan):
        example = _example(window, ids, tags, pairs, alphabet)
        if (example.tags != IGNORED).any():
            yield example


def _tags(document: Document, spans: Sequence[Span], unsafe: Iterable[Offsets]) -> NDArray[np.int16]:
    stretches = [(span.start, span.end, _LABELS[span.label]) for span in spans]
    try:
        tags = INDICATORS.encode(stretches, len(document.text)).astype(np.int16)
    except SchemaError as error:
        raise DataError(f"{document.id}: {error}; `zhibiao data check` names such records") from error
    for start, end in unsafe:
        tags[start:end] = IGNORED
    return tags


def _taught(report: GoldReport, confidence: float) -> tuple[list[Span], list[Offsets]]:
    """The spans to learn, and the sentences not to learn: silver ones of too little confidence.

    The rules may let two spans overlap, which BIO tags cannot say; such a sentence is not learned either. In
    gold it is a fault that `zhibiao data check` names.
    """
    spans = list(gold_spans(report))
    sentences = report.extra.get("sentences")
    if sentences is None:
        return spans, []
    crossed = sorted(start for left, start in _overlaps(spans))
    unsafe = [
        (start, end)
        for start, end, sure in _stated(sentences, report.document.id)
        if sure < confidence or bisect_left(crossed, start) < bisect_left(crossed, end)
    ]
    starts = [start for start, _ in unsafe]
    return [span for span in spans if not _covered(span, unsafe, starts)], unsafe


def _stated(sentences: object, name: str) -> list[tuple[int, int, float]]:
    """The sentences of a silver report with their confidences, as the file says them."""
    try:
        return [(int(start), int(end), float(sure)) for start, end, sure in sentences]  # type: ignore[attr-defined]
    except (TypeError, ValueError) as error:
        raise DataError(
            f"{name}: `sentences` must be a list of [start, end, confidence] ({error}); "
            "make the file with `zhibiao annotate silver`"
        ) from error


def _overlaps(spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The ends and starts of spans that begin before an earlier one is over."""
    end = 0
    for span in sorted(spans):
        if span.start < end:
            yield end, span.start
        end = max(end, span.end)


def _covered(span: Span, unsafe: Sequence[Offsets], starts: Sequence[int]) -> bool:
    at = bisect_right(starts, span.start) - 1
    return at >= 0 and span.start < unsafe[at][1]


@dataclass(frozen=True, slots=True)
class _DocumentPairs:
    """The pairs of a document, with offsets in its text; `edges` are the four characters of each."""

    edges: NDArray[np.int32]
    features: NDArray[np.int32]
    targets: NDArray[np.int8]


def _all_pairs(report: GoldReport, spans: Sequence[Span]) -> _DocumentPairs:
    linked = linked_spans(report)
    numbers = piece_numbers(report.document, [span.start for span in spans])
    edges, features, targets = [], [], []
    for _, group in groupby(range(len(spans)), key=numbers.__getitem__):
        inside = [spans[number] for number in group]
        pairs = pairs_of(report.document.text, inside)
        borders = np.array([[span.start, span.end - 1] for span in inside], dtype=np.int32)
        edges.append(np.hstack([borders[pairs.quantities], borders[pairs.arguments]]))
        features.append(pairs.features)
        joined = zip(pairs.quantities, pairs.arguments, strict=True)
        targets.append(np.array([(inside[q], inside[a]) in linked for q, a in joined], dtype=np.int8))
    if not edges:
        return _DocumentPairs(
            np.zeros((0, 4), np.int32), np.zeros((0, N_FEATURES), np.int32), np.zeros(0, np.int8)
        )
    return _DocumentPairs(np.concatenate(edges), np.concatenate(features), np.concatenate(targets))


def linked_spans(report: GoldReport) -> set[tuple[Span, Span]]:
    """Every pair that belongs together: both quantities of a record with each of its other spans."""
    linked = set()
    for record in report.records:
        spans = {slot: Span(*offsets, Label(slot.upper())) for slot, offsets in record.spans.items()}
        for slot in ("value", "growth"):
            if slot in spans:
                linked |= {(spans[slot], other) for other in spans.values()}
    return linked


def _example(
    window: Window,
    ids: NDArray[np.int32],
    tags: NDArray[np.int16],
    pairs: _DocumentPairs,
    alphabet: Alphabet,
) -> Example:
    inputs, wanted = framed(window, ids, tags, alphabet)
    inside = _inside(window, pairs, tags)
    edges = pairs.edges[inside] + 1 - window.start
    return Example(inputs, wanted, edges, pairs.features[inside], pairs.targets[inside])


def framed(
    window: Window, ids: NDArray[np.int32], tags: NDArray[np.int16], alphabet: Alphabet
) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
    """The ids of a window between [CLS] and [SEP], and its tags: IGNORED where it only reads."""
    length = window.end - window.start + 2
    inputs = np.full(length, alphabet.cls, dtype=np.int32)
    inputs[1:-1] = ids[window.start : window.end]
    inputs[-1] = alphabet.sep
    wanted = np.full(length, IGNORED, dtype=np.int16)
    shift = 1 - window.start
    wanted[window.own_start + shift : window.own_end + shift] = tags[window.own_start : window.own_end]
    return inputs, wanted


def _inside(window: Window, pairs: _DocumentPairs, tags: NDArray[np.int16]) -> NDArray[np.bool_]:
    """The pairs that lie in the window's own characters and in sentences that are learned."""
    if not len(pairs.edges):
        return np.zeros(0, dtype=np.bool_)
    lowest, highest = pairs.edges.min(axis=1), pairs.edges.max(axis=1)
    owned = (lowest >= window.own_start) & (highest < window.own_end)
    learned = tags[pairs.edges[:, 0]] != IGNORED
    inside: NDArray[np.bool_] = owned & learned
    return inside


def to_dataset(examples: Sequence[Example]) -> Dataset:
    """An Arrow-backed Hugging Face Dataset; lists are filled from whole arrays, not item by item."""
    import pyarrow as pa
    from datasets import Dataset

    columns: Mapping[str, list[NDArray[np.generic]]] = {
        "ids": [example.ids for example in examples],
        "tags": [example.tags for example in examples],
        "edges": [example.edges.reshape(-1) for example in examples],
        "features": [example.features.reshape(-1) for example in examples],
        "targets": [example.targets for example in examples],
    }
    return Dataset(pa.table({name: _lists(arrays) for name, arrays in columns.items()}))


def _lists(arrays: Sequence[NDArray[np.generic]]) -> object:
    import pyarrow as pa

    offsets = np.concatenate([[0], np.cumsum([len(array) for array in arrays])]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(np.concatenate(arrays)))
