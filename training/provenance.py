"""What a model has seen: the reports it was trained on, so that nobody scores it on them unknowingly.

    provenance = provenance_of(gold, silver=[silver_source(path, reports, left_out=["云麓区"])])
    (model / "training.json").write_text(json.dumps({"data": provenance_to_json(provenance)}))

Texts are kept as a checksum and a sketch (zhibiao/likeness.py), never themselves.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from zhibiao.errors import ConfigError, DataError
from zhibiao.likeness import NEAR, containment, sketch
from zhibiao.schema import GoldReport

__all__ = [
    "HoldOut",
    "Overlap",
    "Provenance",
    "SeenReport",
    "SilverSource",
    "overlaps",
    "parse_hold_out",
    "provenance_from_json",
    "provenance_of",
    "provenance_to_json",
    "read_provenance",
    "refuse_seen",
    "silver_source",
]

TRAINING = "training.json"
"""Where a model folder says what it was trained on, under `data`."""

FIELDS = ("district", "city", "publisher")
"""What can be held out."""

FEW = 3
"""Fewer common runs in two sketches are chance, however short the texts."""

NAMED = 5
"""How many overlaps a refusal quotes."""


@dataclass(frozen=True, slots=True)
class SeenReport:
    """A report of the training data: what it is called, and how to know its text again."""

    id: str
    title: str | None
    district: str | None
    city: str | None
    publisher: str | None
    sha256: str
    sketch: frozenset[int]


@dataclass(frozen=True, slots=True)
class SilverSource:
    """A silver file: its name and checksum, its reports, and the names that were left out of it."""

    name: str
    sha256: str
    left_out: tuple[str, ...]
    reports: tuple[SeenReport, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """All that a model was trained on: gold reports, and silver files."""

    gold: tuple[SeenReport, ...]
    silver: tuple[SilverSource, ...] = ()

    def reports(self) -> Iterator[tuple[SeenReport, str]]:
        """Every report with `gold`, or the name of its silver file."""
        yield from ((report, "gold") for report in self.gold)
        for source in self.silver:
            yield from ((report, source.name) for report in source.reports)


@dataclass(frozen=True, slots=True)
class HoldOut:
    """`district=云麓区`: whose reports a model must not have seen."""

    field: str
    name: str

    def __str__(self) -> str:
        return f"{self.field}={self.name}"

    def of(self, reports: Iterable[GoldReport]) -> list[GoldReport]:
        """The reports that are held out."""
        chosen, others = [], set()
        for report in reports:
            value = getattr(report.document.metadata, self.field)
            if value == self.name:
                chosen.append(report)
            else:
                others.add(str(value))
        if not chosen:
            known = ", ".join(sorted(others)) or "no report at all"
            raise ConfigError(f"--hold-out {self}: no report of the data has it; its {self.field} is {known}")
        return chosen


def parse_hold_out(text: str) -> HoldOut:
    """`district=NAME`, `city=NAME` or `publisher=NAME`."""
    field, equals, name = text.partition("=")
    if field not in FIELDS or not equals or not name.strip():
        raise ConfigError(f"--hold-out {text}: write district=NAME, city=NAME or publisher=NAME")
    return HoldOut(field, name.strip())


def provenance_of(gold: Iterable[GoldReport], *, silver: Iterable[SilverSource] = ()) -> Provenance:
    """What training on these reports makes a model know."""
    return Provenance(tuple(map(_seen, gold)), tuple(silver))


def silver_source(path: Path, reports: Iterable[GoldReport], *, left_out: Iterable[str] = ()) -> SilverSource:
    """A silver file; `reports` are those of it that training used."""
    digest = sha256(path.read_bytes()).hexdigest()
    return SilverSource(path.name, digest, tuple(left_out), tuple(map(_seen, reports)))


def _seen(report: GoldReport) -> SeenReport:
    document, metadata = report.document, report.document.metadata
    return SeenReport(
        id=document.id,
        title=metadata.title,
        district=metadata.district,
        city=metadata.city,
        publisher=metadata.publisher,
        sha256=sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest(),
        sketch=sketch(document.text),
    )


@dataclass(frozen=True, slots=True)
class Overlap:
    """A training report that a model should not have seen, and why not."""

    report: SeenReport
    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.report.id} ({self.source}) {self.reason}"


def refuse_seen(provenance: Provenance, reports: Iterable[GoldReport], hold_out: HoldOut) -> None:
    """An error that says what of the held-out district, or of its texts, the model was trained on.

    `reports` are the reports that are to be scored.
    """
    named = [
        Overlap(report, source, f"is of {hold_out.name}: its {field} is {value}")
        for report, source in provenance.reports()
        for field, value in _naming(report, hold_out)
    ]
    found = {
        (overlap.report.id, overlap.source): overlap for overlap in [*overlaps(provenance, reports), *named]
    }
    if found:
        shown = "; ".join(map(str, list(found.values())[:NAMED]))
        more = f"; and {len(found) - NAMED} more" if len(found) > NAMED else ""
        raise ConfigError(
            f"--hold-out {hold_out}: the model was trained on {shown}{more}; a score on it would say "
            f"nothing. Train without {hold_out.name} (gold and silver), or hold out another"
        )


def _naming(report: SeenReport, hold_out: HoldOut) -> list[tuple[str, str]]:
    """The first field that holds the name: a street's publisher carries its district's, a title just 杭州.

    Where districts are held out and a report says which it is of, that decides: a street of 杭州市 does not
    speak for the city.
    """
    name = hold_out.name.removesuffix("市").removesuffix("省") or hold_out.name
    fields = {"district": report.district, "city": report.city, "publisher": report.publisher}
    fields |= {"title": report.title, "id": report.id}
    if hold_out.field == "district" and report.district and report.city and report.city != report.district:
        fields = {"district": report.district}
    return [(field, value) for field, value in fields.items() if value and name in value][:1]


def overlaps(provenance: Provenance, reports: Iterable[GoldReport]) -> list[Overlap]:
    """The training reports whose text is that of a report to be scored, or nearly."""
    scored = [_seen(report) for report in reports]
    found = []
    for report, source in provenance.reports():
        reason = next((reason for other in scored if (reason := _likeness(report, other))), None)
        if reason:
            found.append(Overlap(report, source, reason))
    return found


def _likeness(seen: SeenReport, scored: SeenReport) -> str | None:
    if seen.sha256 == scored.sha256:
        return f"has the text of {scored.id}"
    shared = len(seen.sketch & scored.sketch)
    share = containment(seen.sketch, scored.sketch)
    if shared < FEW or share < NEAR:
        return None
    return f"is a near-duplicate of {scored.id} ({share:.0%} of its runs of characters)"


def provenance_to_json(provenance: Provenance) -> dict[str, object]:
    """For the model's `training.json`."""
    return {
        "gold": [_report_to_json(report) for report in provenance.gold],
        "silver": [
            {
                "name": source.name,
                "sha256": source.sha256,
                "left_out": list(source.left_out),
                "reports": [_report_to_json(report) for report in source.reports],
            }
            for source in provenance.silver
        ],
    }


def read_provenance(model: Path) -> Provenance:
    """What the model in a folder was trained on, from its `training.json`."""
    path = model / TRAINING
    try:
        data = json.loads(path.read_text(encoding="utf-8"))["data"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{path}: cannot be read ({error!r}), so nobody knows what the model was trained on; "
            "train it anew"
        ) from error
    return provenance_from_json(data, source=str(path))


def provenance_from_json(data: Mapping[str, Any], *, source: str) -> Provenance:
    """What `provenance_to_json` wrote; `source` is the file, named when it holds something else."""
    try:
        silver = tuple(
            SilverSource(
                one["name"],
                one["sha256"],
                tuple(one["left_out"]),
                tuple(map(_report_from_json, one["reports"])),
            )
            for one in data["silver"]
        )
        return Provenance(tuple(map(_report_from_json, data["gold"])), silver)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{source}: does not say what the model was trained on ({error!r}), so nothing can be held out; "
            "train the model anew"
        ) from error


def _report_to_json(report: SeenReport) -> dict[str, object]:
    packed = np.array(sorted(report.sketch), dtype="<u4").tobytes()
    return {**asdict(report), "sketch": base64.b64encode(packed).decode("ascii")}


def _report_from_json(data: Mapping[str, Any]) -> SeenReport:
    packed = np.frombuffer(base64.b64decode(data["sketch"], validate=True), dtype="<u4")
    return SeenReport(**{**data, "sketch": frozenset(packed.tolist())})
