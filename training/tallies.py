"""What two evaluations are compared by: per report, the counts of every measure; also in files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from training.evaluate import UNKNOWN, Evaluation, ReportEvaluation, every_second
from zhibiao.errors import DataError
from zhibiao.schema import Label
from zhibiao.scoring import Counts

__all__ = ["Tallies", "Tally", "half_of", "tallies_from_json", "tallies_to_json", "tally"]


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of one report by measure: `strict`, `relaxed`, `slot year`, `span VALUE`, ...

    `group` is what the report is drawn with where whole groups are drawn: its district.
    """

    report_id: str
    group: str
    counts: Mapping[str, Counts]


@dataclass(frozen=True, slots=True)
class Tallies:
    """The tallies of one system."""

    name: str
    reports: tuple[Tally, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of what is counted, in order."""
        return tuple(self.reports[0].counts) if self.reports else ()


def tally(evaluation: Evaluation) -> Tallies:
    """The counts of an evaluation, report by report."""
    return Tallies(evaluation.predictor, tuple(map(_tally, evaluation.reports)))


def _tally(report: ReportEvaluation) -> Tally:
    metadata, records = report.document.metadata, report.records
    group = records.group or metadata.district or metadata.city or metadata.publisher or UNKNOWN
    counts = {"strict": records.strict, "relaxed": records.relaxed, "normalised": records.normalised}
    counts |= {f"slot {slot}": slot_counts for slot, slot_counts in records.slot_counts.items()}
    counts |= {f"span {label}": report.spans.strict[label] for label in Label}
    return Tally(report.document.id, group, counts)


def half_of(tallies: Tallies, half: str) -> Tallies:
    """Those of every second report by id, as `zhibiao evaluate --half` takes them."""
    return replace(tallies, reports=tuple(every_second(tallies.reports, half, lambda one: one.report_id)))


def tallies_to_json(tallies: Tallies) -> dict[str, object]:
    """Per report `[gold, predicted, correct]` of every measure."""
    return {
        "measures": list(tallies.measures),
        "reports": {
            report.report_id: {
                "group": report.group,
                "counts": [[c.gold, c.predicted, c.correct] for c in report.counts.values()],
            }
            for report in tallies.reports
        },
    }


def tallies_from_json(name: str, data: object, *, source: str) -> Tallies:
    """The counts again; `source` is the file, named when it holds something else."""
    try:
        return Tallies(name, tuple(_reports(data)))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(
            f"{source}: no counts per report ({error!r}); write it anew with `zhibiao evaluate -o {source}`"
        ) from error


def _reports(data: object) -> Iterable[Tally]:
    if not isinstance(data, Mapping):
        raise TypeError(f"found {type(data).__name__} in the place of the counts")
    measures = [str(measure) for measure in data["measures"]]
    for report_id, report in data["reports"].items():
        rows = [_counts(row) for row in report["counts"]]
        yield Tally(str(report_id), str(report["group"]), dict(zip(measures, rows, strict=True)))


def _counts(row: Sequence[object]) -> Counts:
    gold, predicted, correct = row
    if not (isinstance(gold, int) and isinstance(predicted, int) and isinstance(correct, int)):
        raise TypeError(f"counts are three whole numbers, found {row}")
    return Counts(gold, predicted, correct)
