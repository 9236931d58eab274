"""The model and the rules together: the rules have a word where the model is unsure of an indicator.

A tagger that has learned few reports finds quantities as well as the rules do, and is the better judge of
indicators that it is sure of. Where its confidence in one is below UNSURE, the one that the rules give to the
same quantity is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from zhibiao.assemble import link_spans
from zhibiao.batch import PredictorFactory, predictor_name
from zhibiao.ports import SpanPredictor
from zhibiao.schema import Document, Label, Link, Prediction, Span

__all__ = ["UNSURE", "CombinedFactory", "CombinedPredictor"]

UNSURE = 0.9
"""Chosen on the first two of the five folds of training/configs/folds.toml."""


class CombinedPredictor:
    """A SpanPredictor of two: `model` gives all spans and links, `rules` indicators in doubt."""

    def __init__(self, model: SpanPredictor, rules: SpanPredictor, *, unsure: float = UNSURE) -> None:
        self._model = model
        self._rules = rules
        self._unsure = unsure

    @property
    def name(self) -> str:
        """Both names, joined by a plus."""
        return _joined(self._model.name, self._rules.name)

    def predict(self, documents: Iterable[Document]) -> Iterator[Prediction]:
        """One Prediction per Document, in order."""
        for found in self._model.predict(documents):
            (other,) = self._rules.predict([found.document])
            yield combine(found, other, self._unsure)


@dataclass(frozen=True)
class CombinedFactory:
    """Makes both predictors in each process; pickles and compares as its parts do."""

    model: PredictorFactory
    rules: PredictorFactory

    @property
    def name(self) -> str:
        """That of its predictor."""
        return _joined(predictor_name(self.model), predictor_name(self.rules))

    def __call__(self) -> CombinedPredictor:
        """Both, made anew."""
        return CombinedPredictor(self.model(), self.rules())


def _joined(model: str, rules: str) -> str:
    return f"{model}+{rules}"


def combine(found: Prediction, other: Prediction, unsure: float) -> Prediction:
    """`found`, with the indicators of `other` where its own are unsure."""
    links = found.links if found.links is not None else link_spans(found.document, found.spans)
    known = _indicators(other.links or ())
    mended = tuple(_mended(link, links, known, unsure) for link in links)
    replaced = {link.argument for link in links} - {link.argument for link in mended}
    spans = ({*found.spans} - replaced) | {link.argument for link in mended}
    return Prediction(found.document, tuple(sorted(spans)), mended, found.method)


def _indicators(links: Iterable[Link]) -> Mapping[Span, list[Link]]:
    found: dict[Span, list[Link]] = {}
    for link in links:
        if link.argument.label is Label.INDICATOR:
            found.setdefault(link.quantity, []).append(link)
    return found


def _mended(link: Link, links: Sequence[Link], known: Mapping[Span, list[Link]], unsure: float) -> Link:
    """The link itself, or the one that `known` has for its quantity."""
    theirs = known.get(link.quantity, ())
    sure = link.argument.score is None or link.argument.score >= unsure
    if link.argument.label is not Label.INDICATOR or sure or len(theirs) != 1:
        return link
    own = [one for one in links if one.quantity == link.quantity and one.argument.label is Label.INDICATOR]
    return Link(link.quantity, theirs[0].argument) if len(own) == 1 else link
