"""TaggerPredictor: documents in, spans and links out. The one decode path of every model.

Evaluation during training, `extract`, the service and pre-annotation all run this code; only the engine that
turns ids into scores differs (torch, or an exported graph).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zhibiao.schema import Document, Label, Link, Prediction, Span
from zhibiao.tagger.advice import ADVICE_WEIGHT, advice_name, advised_tags
from zhibiao.tagger.alphabet import Alphabet
from zhibiao.tagger.dating import dated
from zhibiao.tagger.decoding import Costs, confidences, log_softmax, viterbi
from zhibiao.tagger.linking import LinkWeights, choose_links
from zhibiao.tagger.pairs import pairs_of
from zhibiao.tagger.scheme import INDICATORS, Stretch, TagScheme
from zhibiao.tagger.windows import Window, WindowPlan, piece_numbers, windows_of
from zhibiao.tagger.words import inside_words

__all__ = ["Batching", "Engine", "Found", "Model", "TaggerPredictor", "predictor_name"]

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]


class Engine(Protocol):
    """Runs the network: `(windows, positions)` ids and mask to tag logits and link states, both float32."""

    def __call__(self, ids: Ids, mask: Ids) -> tuple[Floats, Floats]: ...


WORD_COST = 3.0
"""What an INDICATOR loses, in logarithms of probability, for an edge inside a word."""

TOUCH_COST = 4.0
"""What a span loses for beginning where one of its own label ends: 16 of 13,061 spans of the gold do."""


@dataclass(frozen=True)
class Model:
    """All that a prediction needs; `links` is None for a model without a link head.

    `temperature` divides the tag scores, `link_temperature` the link logits: both make confidences honest.
    `advice` is the weight of what the rules say, 0 where they are not asked; `advised_temperature` is the
    temperature with it.
    """

    name: str
    engine: Engine
    alphabet: Alphabet
    scheme: TagScheme
    plan: WindowPlan
    links: LinkWeights | None
    temperature: float = 1.0
    link_temperature: float = 1.0
    word_cost: float = WORD_COST
    advice: float = 0.0
    advised_temperature: float = 1.0

    def advised(self) -> Model:
        """The same, with the rules at its side."""
        return replace(self, advice=ADVICE_WEIGHT, temperature=self.advised_temperature)


@dataclass(frozen=True, slots=True)
class Batching:
    """`tokens` go through the engine at once; windows of `characters` are gathered to be sorted by length.

    `step`: every window is padded to a multiple of it, whatever stands beside it in the batch.
    """

    tokens: int = 4096
    characters: int = 120_000
    step: int = 16


@dataclass(slots=True)
class Found:
    """What the network found in one document: stretches with their scores and their link states.

    `states` has two rows for every stretch: of its first and of its last character.
    """

    stretches: list[Stretch] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    states: list[Floats] = field(default_factory=list)

    def in_order(self) -> list[int]:
        """Numbers of the stretches in text order."""
        return sorted(range(len(self.stretches)), key=lambda number: self.stretches[number])


@dataclass(frozen=True, slots=True)
class _Read:
    """A document as arrays over its characters; `words` has one place more, and what is not read is empty."""

    ids: NDArray[np.int32]
    words: NDArray[np.bool_]
    advice: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A window of the document at `document` in the lot."""

    document: int
    window: Window


def predictor_name(model: str, *, linked: bool, advised: bool) -> str:
    """What a predictor is called that uses a model so: another way to use it gives other records."""
    return f"{model}{'' if linked else '/rule-links'}{f'+{advice_name()}' if advised else ''}"


class TaggerPredictor:
    """A SpanPredictor over a Model.

    `linking=False` leaves the links to the rules of assembly. `given` names the spans of a document, so that
    the model only links them: that is how linking alone is scored.
    """

    def __init__(
        self,
        model: Model,
        *,
        batching: Batching | None = None,
        linking: bool = True,
        given: Callable[[Document], Sequence[Span]] | None = None,
    ) -> None:
        self._model = model
        self._batching = batching or Batching()
        self._linking = linking and model.links is not None
        self._given = given

    @property
    def name(self) -> str:
        """`model/<first digits of the weights' sha256>`; a word where its links are not used; its adviser."""
        linked = self._linking or self._model.links is None
        return predictor_name(self._model.name, linked=linked, advised=self._model.advice > 0)

    def predict(self, documents: Iterable[Document]) -> Iterator[Prediction]:
        """Lazily: a lot of documents at a time."""
        for document, found in self.find(documents):
            yield self._prediction(document, found)

    def find(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Found]]:
        """The stretches of each document, before they are linked; also for schemes of other labels."""
        for lot in self._lots(documents):
            yield from zip(lot, self._found(lot), strict=True)

    def _lots(self, documents: Iterable[Document]) -> Iterator[list[Document]]:
        lot: list[Document] = []
        size = 0
        for document in documents:
            lot.append(document)
            size += len(document.text)
            if size >= self._batching.characters:
                yield lot
                lot, size = [], 0
        if lot:
            yield lot

    def _found(self, lot: Sequence[Document]) -> list[Found]:
        read = [self._read(document) for document in lot]
        pieces = [
            _Piece(number, window)
            for number, document in enumerate(lot)
            for window in windows_of(document, self._model.plan)
        ]
        found = [Found() for _ in lot]
        for batch in batches([self._padded(piece.window) for piece in pieces], self._batching.tokens):
            self._run([pieces[number] for number in batch], lot, read, found)
        return found

    def _read(self, document: Document) -> _Read:
        return _Read(
            self._model.alphabet.ids(document.text),
            inside_words(document.text) if self._minds_words else np.zeros(0, dtype=np.bool_),
            advised_tags(document) if self._model.advice else np.zeros(0, dtype=np.int8),
        )

    def _padded(self, window: Window) -> int:
        step = self._batching.step
        # No further than the encoder has positions, which need not be a multiple of the step.
        return min(-(-(window.end - window.start + 2) // step) * step, self._model.plan.limit + 2)

    def _run(
        self,
        batch: Sequence[_Piece],
        lot: Sequence[Document],
        read: Sequence[_Read],
        found: Sequence[Found],
    ) -> None:
        inputs = self._inputs(batch, read)
        logits, states = self._model.engine(inputs, (inputs != self._model.alphabet.pad).astype(np.int64))
        owned = [_owned(piece.window) for piece in batch]
        lengths = np.array([end - start for start, end in owned])
        scores = np.zeros((len(batch), lengths.max(), logits.shape[2]), dtype=np.float32)
        for row, (start, end) in enumerate(owned):
            scores[row, : end - start] = logits[row, start:end]
        self._advise(scores, batch, read)
        likely = log_softmax((scores / self._model.temperature).astype(np.float32))
        tags = viterbi(likely, lengths, self._model.scheme, self._costs(batch, read, scores.shape[1]))
        for row, (piece, (start, end)) in enumerate(zip(batch, owned, strict=True)):
            document, length = lot[piece.document], end - start
            stretches = self._stretches(document, piece.window, tags[row, :length])
            sure = confidences(likely[row, :length], tags[row, :length], stretches)
            _add(found[piece.document], piece.window, stretches, sure, states[row, start:end])

    def _advise(self, scores: Floats, batch: Sequence[_Piece], read: Sequence[_Read]) -> None:
        """Adds the weight of the advice to the scores of the advised tags."""
        if not self._model.advice:
            return
        for row, piece in enumerate(batch):
            tags = read[piece.document].advice[piece.window.own_start : piece.window.own_end]
            scores[row, np.arange(len(tags)), tags] += self._model.advice

    @property
    def _minds_words(self) -> bool:
        """Only our own labels have one that is made of whole words."""
        return self._model.word_cost > 0 and self._model.scheme == INDICATORS

    def _costs(self, batch: Sequence[_Piece], read: Sequence[_Read], width: int) -> Costs | None:
        if not self._minds_words:
            return None
        inside = np.zeros((len(batch), width), dtype=np.bool_)
        for row, piece in enumerate(batch):
            start, end = piece.window.own_start, piece.window.own_end
            inside[row, : end - start] = read[piece.document].words[start:end]
        label = self._model.scheme.labels.index(Label.INDICATOR)
        # The scores were divided by the temperature, which must change no decision.
        scale = 1 / self._model.temperature
        return Costs(inside, label, self._model.word_cost * scale, TOUCH_COST * scale)

    def _stretches(self, document: Document, window: Window, tags: NDArray[np.int8]) -> list[Stretch]:
        """What a window owns, counted from its first own character: decoded, or given."""
        if self._given is None:
            return self._model.scheme.decode(tags)
        first, last = window.own_start, window.own_end
        labels = self._model.scheme.labels
        return [
            (span.start - first, min(span.end, last) - first, labels.index(span.label))
            for span in sorted(self._given(document))
            if first <= span.start < last
        ]

    def _inputs(self, batch: Sequence[_Piece], read: Sequence[_Read]) -> Ids:
        alphabet = self._model.alphabet
        width = max(self._padded(piece.window) for piece in batch)
        inputs = np.full((len(batch), width), alphabet.pad, dtype=np.int64)
        for row, piece in enumerate(batch):
            start, end = piece.window.start, piece.window.end
            inputs[row, 0] = alphabet.cls
            inputs[row, 1 : 1 + end - start] = read[piece.document].ids[start:end]
            inputs[row, 1 + end - start] = alphabet.sep
        return inputs

    def _prediction(self, document: Document, found: Found) -> Prediction:
        order = found.in_order()
        spans = [self._span(found, number) for number in order]
        links = None
        if self._linking:
            held = [found.states[number] for number in order] or [np.zeros((0, 0), dtype=np.float32)]
            states = np.concatenate(held)
            links = tuple(self.link(document, spans, states))
        if self._given is None:
            return dated(document, spans, links)
        return Prediction(document, tuple(spans), links, "model")

    def _span(self, found: Found, number: int) -> Span:
        start, end, label = found.stretches[number]
        score = round(found.scores[number], 4)
        return Span(start, end, Label(self._model.scheme.labels[label]), score)

    def link(self, document: Document, spans: Sequence[Span], states: Floats) -> Iterator[Link]:
        """The links of spans in text order; two rows of `states` for each of them."""
        sentences = piece_numbers(document, [span.start for span in spans])
        for _, numbers in groupby(range(len(spans)), key=sentences.__getitem__):
            inside = list(numbers)
            some = [spans[number] for number in inside]
            yield from self._link_sentence(document, some, states[2 * inside[0] : 2 * inside[-1] + 2])

    def _link_sentence(self, document: Document, spans: Sequence[Span], states: Floats) -> Iterator[Link]:
        pairs = pairs_of(document.text, spans)
        if not len(pairs) or self._model.links is None:
            return
        left, right = 2 * pairs.quantities, 2 * pairs.arguments
        edges = np.stack([left, left + 1, right, right + 1], axis=1)
        logits = self._model.links.logits(states, edges, pairs.features)
        probabilities = 1 / (1 + np.exp(-logits / np.float32(self._model.link_temperature)))
        yield from choose_links(spans, pairs, np.round(probabilities, 4))


def _add(
    found: Found, window: Window, stretches: Sequence[Stretch], sure: Sequence[float], states: Floats
) -> None:
    """Puts what a window holds to the rest of its document."""
    found.scores.extend(sure)
    for start, end, label in stretches:
        found.stretches.append((start + window.own_start, end + window.own_start, label))
        found.states.append(states[[start, end - 1]])


def _owned(window: Window) -> tuple[int, int]:
    """Its owned characters as positions of the input, [CLS] counted."""
    return window.own_start - window.start + 1, window.own_end - window.start + 1


def batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Numbers of windows of one length: 1, 2, 4, 8, ... of them, as many as `tokens` allow, and what is left.

    Full batches of few sizes suit an engine that keeps what it has compiled for a shape (OpenVINO). Windows
    are never padded to a longer neighbour's length: sums over more positions, though these weigh nothing, are
    rounded otherwise, and a tag would depend on what stands beside it.
    """
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda number: (-lengths[number], number)):
        length = lengths[number]
        if batch and (length != lengths[batch[0]] or len(batch) == _full(length, tokens)):
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _full(length: int, tokens: int) -> int:
    """The largest power of two of windows that stays within `tokens`, at least one."""
    return 1 << (max(1, tokens // length).bit_length() - 1)
