"""Plain tagging of any label set: what is learned and how it is scored, where there are no records.

So the trainer can be held against others on public Chinese NER sets: `[data] format = "conll"` or `"bio"`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from training.config import DataConfig
from training.examples import Example, framed, to_dataset
from training.tag_files import TaggedText, read_tagged
from zhibiao.errors import DataError
from zhibiao.scoring import Counts
from zhibiao.tagger.alphabet import Alphabet
from zhibiao.tagger.pairs import N_FEATURES
from zhibiao.tagger.plain import as_document, tag
from zhibiao.tagger.predictor import Model
from zhibiao.tagger.settings import Settings
from zhibiao.tagger.windows import windows_of

if TYPE_CHECKING:
    from datasets import Dataset

__all__ = ["PlainLessons", "plain_dataset", "plain_figures", "read_plain"]

_MOST_LABELS = 60
"""Tags are bytes: two a label, and O."""


@dataclass(frozen=True, slots=True)
class PlainLessons:
    """`train` is learned, `dev` chooses the epoch; `labels` are those of `train`, sorted."""

    train: tuple[TaggedText, ...]
    dev: tuple[TaggedText, ...]
    labels: tuple[str, ...]


def read_plain(data: DataConfig) -> PlainLessons:
    """Reads the files of a config whose format is `bio` or `conll`."""
    kind: Literal["bio", "conll"] = "bio" if data.format == "bio" else "conll"
    train = tuple(one for path in data.gold for one in read_tagged(path, kind))
    dev = tuple(one for path in data.dev_files for one in read_tagged(path, kind))
    labels = tuple(sorted({label for one in train for _, _, label in one.spans}))
    if not 0 < len(labels) <= _MOST_LABELS:
        raise DataError(
            f"{', '.join(map(str, data.gold))}: {len(labels)} labels; from 1 to {_MOST_LABELS} can be learned"
        )
    return PlainLessons(train, dev, labels)


def plain_dataset(texts: Iterable[TaggedText], alphabet: Alphabet, settings: Settings) -> Dataset:
    """Every sentence in a window of its own, or in several where it is longer than the encoder reads."""
    return to_dataset([example for one in texts for example in _examples(one, alphabet, settings)])


def _examples(one: TaggedText, alphabet: Alphabet, settings: Settings) -> Iterator[Example]:
    number = settings.labels.index
    stretches = [(start, end, number(label)) for start, end, label in one.spans]
    tags = settings.scheme.encode(stretches, len(one.text)).astype(np.int16)
    ids = alphabet.ids(one.text)
    for window in windows_of(as_document(one.text), settings.plan):
        inputs, wanted = framed(window, ids, tags, alphabet)
        none = np.zeros((0, 4), np.int32), np.zeros((0, N_FEATURES), np.int32), np.zeros(0, np.int8)
        yield Example(inputs, wanted, *none)


def plain_figures(texts: Sequence[TaggedText], model: Model) -> dict[str, float]:
    """Strict micro F1 of the spans as `score`, precision and recall, and F1 by label: seqeval's, in IOB2."""
    labels = sorted({label for one in texts for _, _, label in one.spans} | set(model.scheme.labels))
    counts = {label: Counts() for label in labels}
    for one, found in zip(texts, tag(model, [one.text for one in texts]), strict=True):
        wanted, given = set(one.spans), set(found)
        for kind, some in (("gold", wanted), ("predicted", given), ("correct", wanted & given)):
            for _, _, label in some:
                counts[label] += Counts(**{kind: 1})
    whole = sum(counts.values(), Counts())
    spans = {f"span_{label}": found.f1 for label, found in counts.items()}
    return {
        "score": whole.f1,
        "precision": whole.precision,
        "recall": whole.recall,
        "span_all": whole.f1,
        **spans,
    }
