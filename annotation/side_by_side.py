"""Disagreements as a text of their own: every sentence twice, once as A marked it, once as B did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from annotation.passes import Reading, TwoReadings
from zhibiao.assemble.amounts import amount_of, growth_of
from zhibiao.assemble.measures import measure_of
from zhibiao.documents.sentences import BREAKS
from zhibiao.schema import Document, GoldRecord, Label, Offsets, Record, Span
from zhibiao.view import ReportView

__all__ = ["differences", "side_by_side", "window"]

_NO_BREAKS = str.maketrans(dict.fromkeys(BREAKS, " "))


def side_by_side(both: TwoReadings, disagreements: Sequence[Reading]) -> ReportView:
    """The disagreements of one report; the heads cite the offsets of the report itself."""
    maker = _Maker(both.document)
    for number, reading in enumerate(disagreements, start=1):
        maker.add(number, reading)
    return ReportView(both.document.id, both.document.metadata.title, maker.text, tuple(maker.records))


def window(document: Document, reading: Reading) -> Offsets:
    """The sentences that hold what both marked; a YEAR far before them is left to the head."""
    offsets = [o for record in (reading.a, reading.b) if record for o in _without_year(record)]
    first, last = min(offsets)[0], max(end for _, end in offsets)
    touched = [s for s in document.sentences if s.start < last and s.end > first]
    return min([first, *(s.start for s in touched)]), max([last, *(s.end for s in touched)])


def differences(document: Document, reading: Reading) -> Iterator[str]:
    """What A and B say differently, a slot at a time: `year: A 2023 全年[12:14] / B 2022`."""
    a, b = reading.a, reading.b
    if a is None or b is None:
        there, name = (a, "A") if a is not None else (b, "B")
        yield f"only {name}: {' '.join(_slots(document, there).values()) if there else ''}"
        return
    of_a, of_b = _slots(document, a), _slots(document, b)
    for slot in dict.fromkeys([*of_a, *of_b]):
        if of_a.get(slot) != of_b.get(slot):
            yield f"{slot}: A {of_a.get(slot, '-')} / B {of_b.get(slot, '-')}"


def _slots(document: Document, record: GoldRecord) -> dict[str, str]:
    """Every slot with its offsets, and what is derived, as text."""
    shown = {
        slot: f"{document.quote(record.spans[slot])}[{record.spans[slot][0]}:{record.spans[slot][1]}]"
        for slot in (label.slot for label in Label)
        if slot in record.spans
    }
    rate = {} if record.growth_rate is None else {"growth_rate": f"{record.growth_rate:f}"}
    qualifier = {} if record.qualifier is None else {"qualifier": record.qualifier}
    year = " ".join(filter(None, (shown.pop("year", None), f"= {record.year}")))
    return shown | rate | qualifier | {"year": year, "kind": record.kind.value}


def _without_year(record: GoldRecord) -> list[Offsets]:
    return [offsets for slot, offsets in record.spans.items() if slot != "year"]


class _Maker:
    """Writes the text and collects the records that are marked in it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = ""
        self.records: list[Record] = []

    def add(self, number: int, reading: Reading) -> None:
        start, end = window(self.document, reading)
        said = "; ".join(differences(self.document, reading)).translate(_NO_BREAKS)
        self.text += f"{number}. [{start}:{end}] {said}\n"
        sentence = self.document.text[start:end].translate(_NO_BREAKS)
        for name, record in (("A", reading.a), ("B", reading.b)):
            self.text += f"{name}  "
            if record is not None and "indicator" in record.spans:
                moved = _moved(record.spans, len(self.text) - start, (start, end))
                self.records.append(_record(self.document, record, name, moved, sentence))
            self.text += f"{sentence}\n"
        self.text += "\n"


def _moved(spans: Mapping[str, Offsets], by: int, inside: Offsets) -> dict[str, Offsets]:
    return {s: (a + by, b + by) for s, (a, b) in spans.items() if inside[0] <= a and b <= inside[1]}


def _record(
    document: Document, gold: GoldRecord, name: str, spans: Mapping[str, Offsets], evidence: str
) -> Record:
    """The gold record in the form that the page shows; `method` says whose it is."""
    marked = {slot: Span(*offsets, Label(slot.upper())) for slot, offsets in gold.spans.items()}
    metadata, value = document.metadata, marked.get("value")
    amount = amount_of(document, value, marked.get("unit"))
    growth = growth_of(document, marked.get("growth"), ())
    rate = growth.rate if growth else None
    return Record(
        report_id=document.id,
        title=metadata.title,
        publisher=metadata.publisher,
        district=metadata.district,
        city=metadata.city,
        report_year=metadata.report_year,
        indicator=document.quote(gold.spans["indicator"]),
        indicator_context=None,
        indicator_code=None,
        value=amount.value,
        value_text=amount.text,
        unit=amount.unit,
        value_base=amount.base,
        unit_base=amount.base_unit,
        measure=measure_of(document, marked["indicator"], value, amount.unit) if value else None,
        year=gold.year,
        period=None,
        growth_rate=rate if gold.growth_rate is None else gold.growth_rate,
        growth_unit=growth.unit if growth else None,
        growth_text=document.quote(gold.spans["growth"]) if "growth" in gold.spans else None,
        comparison=growth.comparison if growth else None,
        qualifier=gold.qualifier,
        bounds=None,
        growth_qualifier=None,
        growth_bounds=None,
        kind=gold.kind,
        confidence=None,
        confidences=None,
        method=name,
        spans=spans,
        evidence=evidence,
    )
