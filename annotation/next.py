"""What to label next: the texts of a pool that would teach most, by doubt, disagreement and novelty.

zhibiao annotate next --model models/latest --pool reports/ -n 20 -o next.jsonl
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from zhibiao.assemble import assemble
from zhibiao.files import whole_file
from zhibiao.ports import SpanPredictor
from zhibiao.schema import Document, Offsets, Record
from zhibiao.scoring.pairing import pair
from zhibiao.scoring.records import compare
from zhibiao.scoring.statements import from_record

__all__ = ["By", "Candidate", "Chosen", "candidates", "choose", "write_chosen"]

By = Literal["report", "paragraph"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report or a paragraph of one, `[start, end)` of it, and what speaks for labelling it."""

    document: Document
    offsets: Offsets
    doubt: float
    disagreement: float
    records: int
    features: frozenset[str]

    @property
    def whole(self) -> bool:
        """Whether it is a report."""
        return self.offsets == (0, len(self.document.text))

    @property
    def name(self) -> str:
        """The report's id, and where a paragraph of it begins."""
        return self.document.id if self.whole else f"{self.document.id}-{self.offsets[0]}"

    @property
    def worth(self) -> float:
        """What it would teach by itself."""
        return (self.doubt + self.disagreement) / 2


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate in its turn; `novelty` is against those before it."""

    candidate: Candidate
    novelty: float


def candidates(
    documents: Iterable[Document], model: SpanPredictor, rules: SpanPredictor, *, by: By = "report"
) -> Iterator[Candidate]:
    """Every text of the pool in which model or rules find something, document by document."""
    for prediction in model.predict(documents):
        document = prediction.document
        (ruled,) = rules.predict([document])
        found, other = assemble(prediction), assemble(ruled)
        for offsets in _parts(document, by):
            mine, theirs = (
                [record for record in records if _inside(record, offsets)] for records in (found, other)
            )
            if mine or theirs:
                yield _candidate(document, offsets, mine, theirs)


def _parts(document: Document, by: By) -> list[Offsets]:
    if by == "report":
        return [(0, len(document.text))]
    ends: dict[int, Offsets] = {}
    for sentence in document.sentences:
        start, _ = ends.get(sentence.paragraph, (sentence.start, 0))
        ends[sentence.paragraph] = (start, sentence.end)
    return list(ends.values())


def _inside(record: Record, offsets: Offsets) -> bool:
    place = record.spans.get("value") or record.spans["growth"]
    return offsets[0] <= place[0] < offsets[1]


def _candidate(
    document: Document, offsets: Offsets, mine: Sequence[Record], theirs: Sequence[Record]
) -> Candidate:
    doubts = [1 - record.confidence for record in mine if record.confidence is not None]
    return Candidate(
        document,
        offsets,
        doubt=sum(doubts) / len(doubts) if doubts else 0.0,
        disagreement=_disagreement(mine, theirs),
        records=len(mine),
        features=frozenset(one for record in (*mine, *theirs) for one in _features(record)),
    )


def _disagreement(mine: Sequence[Record], theirs: Sequence[Record]) -> float:
    """One minus the strict F1 of one set of records against the other."""
    couples = pair([from_record(one) for one in mine], [from_record(one) for one in theirs])
    alike = sum(compare(couple).strict for couple in couples)
    return 1 - 2 * alike / (len(mine) + len(theirs))


def _features(record: Record) -> Iterator[str]:
    """The indicator's code, and the runs of two characters of its name."""
    if record.indicator_code:
        yield record.indicator_code
    name = record.indicator
    yield from (name[at : at + 2] for at in range(max(1, len(name) - 1)))


def choose(pool: Sequence[Candidate], count: int) -> list[Chosen]:
    """The most worthy first; then, one by one, the largest sum of worth and of novelty.

    Ties fall to the text that comes first in the pool.
    """
    left = list(range(len(pool)))
    likest = [0.0] * len(pool)
    chosen: list[Chosen] = []
    while left and len(chosen) < count:
        best = max(left, key=lambda at: (pool[at].worth + 1 - likest[at], -at))
        left.remove(best)
        chosen.append(Chosen(pool[best], 1 - likest[best]))
        for at in left:
            likest[at] = max(likest[at], _alike(pool[at].features, pool[best].features))
    return chosen


def _alike(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard's index."""
    return len(a & b) / len(a | b) if a | b else 0.0


def write_chosen(path: Path, chosen: Sequence[Chosen]) -> None:
    """JSONL of reports as `zhibiao annotate push` takes it, with the reasons of each."""
    lines = [json.dumps(_line(one, rank), ensure_ascii=False) for rank, one in enumerate(chosen, start=1)]
    with whole_file(path) as partial:
        partial.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _line(chosen: Chosen, rank: int) -> dict[str, object]:
    one = chosen.candidate
    document, metadata, (start, end) = one.document, one.document.metadata, one.offsets
    stated = {
        name: getattr(metadata, name)
        for name in ("title", "publisher", "district", "city", "report_year", "sitting_year")
    }
    return {
        "id": one.name,
        **{name: value for name, value in stated.items() if value is not None},
        "text": document.text[start:end],
        "reasons": {
            "rank": rank,
            "doubt": round(one.doubt, 4),
            "disagreement": round(one.disagreement, 4),
            "novelty": round(chosen.novelty, 4),
            "records": one.records,
        },
        **({} if one.whole else {"report": document.id, "offsets": [start, end]}),
    }
