"""Label Studio's own JSON for a marking: the `result` list of predictions and annotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from annotation.label_studio.marking import Fields, Marking, Region
from annotation.label_studio.offsets import Marked, locate
from annotation.label_studio.problems import Problem, Trouble
from annotation.label_studio.screen import YEAR_UNKNOWN, label_name
from zhibiao.normalise.numbers import format_decimal
from zhibiao.schema import Kind, Label, Span

__all__ = ["Place", "read_results", "write_results"]

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Which text a result is about: the portion of a report that begins at `start`, in one task."""

    report: str
    start: int
    text: str
    task: int | None = None


def write_results(marking: Marking, place: Place) -> list[dict[str, object]]:
    """The regions that lie in the portion, with the relations between them."""
    end = place.start + len(place.text)
    inside = [region for region in marking.regions if place.start <= region.span.start < end]
    ids = {region.id for region in inside}
    items = [item for region in inside for item in _region_items(region, place)]
    for quantity, argument in marking.relations:
        if quantity in ids and argument in ids:
            items.append(_relation_item(quantity, argument))
    return items


def _region_items(region: Region, place: Place) -> Iterator[dict[str, object]]:
    start, end = region.span.start - place.start, region.span.end - place.start
    where = {"start": start, "end": end, "text": place.text[start:end]}
    said = {"labels": [region.span.label.value]}
    label = _item(region.id, ("label", "labels"), where | said)
    yield label if region.span.score is None else label | {"score": region.span.score}
    for control, value in _stated(region.fields):
        yield _item(region.id, control, where | value)


def _item(id: str, control: tuple[str, str], value: dict[str, object]) -> dict[str, object]:
    return {"id": id, "from_name": control[0], "to_name": "text", "type": control[1], "value": value}


def _stated(fields: Fields) -> Iterator[tuple[tuple[str, str], dict[str, object]]]:
    if fields.year is not None:
        yield ("year", "number"), {"number": fields.year}
    if fields.year_unknown and fields.kind is not None:
        yield ("year_unknown", "choices"), {"choices": [YEAR_UNKNOWN]}
    if fields.kind is not None:
        yield ("kind", "choices"), {"choices": [fields.kind.value]}
    if fields.qualifier is not None:
        yield ("qualifier", "textarea"), {"text": [fields.qualifier]}
    if fields.growth_rate is not None:
        yield ("growth_rate", "textarea"), {"text": [format_decimal(fields.growth_rate)]}


def _relation_item(quantity: str, argument: str) -> dict[str, object]:
    return {"type": "relation", "from_id": quantity, "to_id": argument, "direction": "right"}


def read_results(items: Sequence[Item], place: Place) -> tuple[Marking, list[Problem]]:
    """The marking of an annotation with every span verified against the text, and what is wrong with it."""
    reader = _Reader(place)
    regions = reader.regions([item for item in items if item.get("type") == "labels"])
    fields = reader.fields([item for item in items if item.get("type") not in ("labels", "relation")])
    lost = {str(item.get("id")) for item in items if item.get("type") == "labels"} - regions.keys()
    reader.orphans(fields.keys() - regions.keys() - lost, items)
    marked = [replace(region, fields=fields.get(id, Fields())) for id, region in regions.items()]
    relations = reader.relations([item for item in items if item.get("type") == "relation"], regions, lost)
    ordered = sorted(marked, key=lambda region: (region.span.offsets, region.id))
    return Marking(tuple(ordered), tuple(relations)), reader.problems


class _Reader:
    """Reads one result and keeps what is wrong with it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.problems: list[Problem] = []

    def _complain(self, trouble: Trouble, item: Item, detail: str = "") -> None:
        value = item.get("value") or {}
        quote = value.get("text") if isinstance(value.get("text"), str) else None
        offsets = None
        if isinstance(value.get("start"), int) and isinstance(value.get("end"), int):
            offsets = (self.place.start + value["start"], self.place.start + value["end"])
        self.problems.append(
            Problem(trouble, self.place.report, self.place.task, detail, quote=quote, offsets=offsets)
        )

    def regions(self, items: Sequence[Item]) -> dict[str, Region]:
        known = [(item, label) for item in items if (label := self._label(item)) is not None]
        marks = [_marked(item["value"]) for item, _ in known]
        regions = {}
        for (item, label), found in zip(known, locate(self.place.text, marks), strict=True):
            if found.offsets is None:
                self._complain(Trouble.DRIFTED, item, found.repair)
                continue
            if found.repair:
                self._complain(Trouble.REPAIRED, item, f"{label}: {found.repair}")
            if (span := self._trimmed(found.offsets, label, item)) is not None:
                id = str(item.get("id"))
                regions[id] = Region(id, span, task=self.place.task)
        return regions

    def _label(self, item: Item) -> Label | None:
        labels = (item.get("value") or {}).get("labels")
        match labels:
            case [str(name)]:
                for label in Label:
                    if name in (label.value, label_name(label)):
                        return label
        self._complain(Trouble.UNKNOWN_LABEL, item, str(labels))
        return None

    def _trimmed(self, offsets: tuple[int, int], label: Label, item: Item) -> Span | None:
        start, end = offsets
        said = self.place.text[start:end]
        if not said.strip():
            self._complain(Trouble.DRIFTED, item, "only blanks are marked")
            return None
        if said != said.strip():
            self._complain(Trouble.TRIMMED, item, str(label))
        start += len(said) - len(said.lstrip())
        end -= len(said) - len(said.rstrip())
        return Span(self.place.start + start, self.place.start + end, label)

    def fields(self, items: Iterable[Item]) -> dict[str, Fields]:
        fields: dict[str, Fields] = {}
        for item in items:
            id = str(item.get("id"))
            try:
                said = _field(str(item.get("from_name")), item["value"])
            except (ValueError, KeyError, TypeError, InvalidOperation):
                self._complain(Trouble.BAD_FIELD, item, f"{item.get('from_name')}: {_shown(item)}")
                continue
            fields[id] = replace(fields.get(id, Fields()), **said)
        return fields

    def orphans(self, ids: Iterable[str], items: Sequence[Item]) -> None:
        """Regions that have fields but no label any more."""
        for id in sorted(ids):
            item = next(item for item in items if str(item.get("id")) == id)
            self._complain(Trouble.UNKNOWN_LABEL, item, "it has fields but no label")

    def relations(
        self, items: Iterable[Item], regions: Mapping[str, Region], lost: set[str]
    ) -> Iterator[tuple[str, str]]:
        """Each pair of ids once; what leads to a span that was itself complained of is passed over."""
        seen = set()
        for item in items:
            pair = (str(item.get("from_id")), str(item.get("to_id")))
            gone = [id for id in pair if id not in regions]
            if not gone and pair not in seen:
                seen.add(pair)
                yield pair
            elif gone and not lost.intersection(gone):
                there = [regions[id] for id in pair if id in regions]
                at = f"from or to {self._says(there[0])}" if there else "both ends are gone"
                self._complain(Trouble.BROKEN_RELATION, item, f"{at}; no span {' and no '.join(gone)}")

    def _says(self, region: Region) -> str:
        start, end = region.span.offsets
        said = self.place.text[start - self.place.start : end - self.place.start]
        return f"{region.span.label} «{said}»"


def _marked(value: Mapping[str, Any]) -> Marked:
    quote = value.get("text")
    start, end = value.get("start"), value.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        start, end = -1, -1
    return Marked(start, end, quote if isinstance(quote, str) else None)


def _field(name: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """What a control says, by the name of the field; ValueError or the like for what it cannot mean."""
    match name:
        case "year":
            return {"year": _year(value["number"])}
        case "year_unknown":
            return {"year_unknown": YEAR_UNKNOWN in value["choices"]}
        case "kind":
            (kind,) = value["choices"]
            return {"kind": Kind(kind)}
        case "qualifier":
            return {"qualifier": _line(value["text"]) or None}
        case "growth_rate":
            return {"growth_rate": _rate(_line(value["text"]))}
    return {}


def _year(number: object) -> int:
    year = int(str(number).removesuffix(".0"))
    if not 1900 <= year <= 2200:
        raise ValueError(year)
    return year


def _line(text: str | Sequence[str]) -> str:
    return (text if isinstance(text, str) else "".join(text)).strip()


def _rate(text: str) -> Decimal | None:
    if not text:
        return None
    rate = Decimal(text.rstrip("%％").replace("－", "-").replace("−", "-"))
    if not rate.is_finite():
        raise ValueError(text)
    return rate


def _shown(item: Item) -> str:
    value = {k: v for k, v in (item.get("value") or {}).items() if k not in ("start", "end")}
    return ", ".join(f"{v!r}" for v in value.values())
