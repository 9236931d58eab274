"""The same figures as JSON, for programs and for `zhibiao compare`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from training.causes import Error
from training.evaluate import Part
from training.report.cards import differences
from training.report.findings import MEASURES, Findings, counts_of
from training.tallies import tallies_to_json
from zhibiao.schema import Label, Offsets
from zhibiao.scoring import Counts, Interval, Statement
from zhibiao.version import __version__

__all__ = ["figures_of"]

LABELS: tuple[Label | None, ...] = (*Label, None)


def figures_of(found: Findings) -> dict[str, object]:
    """All figures and every error. But for `timing` and the seconds, the same input gives the same bytes."""
    evaluation = found.evaluation
    return {
        "predictor": evaluation.predictor,
        "zhibiao": __version__,
        "all": _part(found.whole) | _intervals(found),
        "groups": {part.name: _part(part) for part in found.groups},
        "reports": {part.name: _part(part) for part in evaluation.by_report()},
        "slices": {
            one.name: {name: _counts(getattr(one, name)) for name in MEASURES}
            | {"strict_interval": _interval(one.interval)}
            for one in found.slices
        },
        "linking": {
            linker: {"predictor": one.predictor} | _part(one.whole()) for linker, one in found.linking.items()
        },
        "calibration": asdict(found.calibration) if found.calibration else None,
        "causes": {
            count.cause.value: {
                "records": count.records,
                "false_negatives": count.false_negatives,
                "false_positives": count.false_positives,
            }
            for count in found.causes
        },
        "confusions": [asdict(confusion) for confusion in found.confusions],
        "errors": [_error(number, error) for number, error in enumerate(found.errors, start=1)],
        "coverage": {"characters": found.characters, "unread": found.unread},
        "timing": {
            "seconds": found.seconds,
            "reports": {report.document.id: report.seconds for report in evaluation.reports},
        },
        "learning_curve": {"source": found.curve.source} | found.curve.to_json() if found.curve else None,
        "counts": tallies_to_json(found.tallies),
        "run": _run(found),
    }


def _intervals(found: Findings) -> dict[str, object]:
    """Over reports, and over whole districts."""
    over_reports = {f"{name}_interval": _interval(found.over_reports(name)) for name in MEASURES}
    over_groups = {f"{name}_interval_over_groups": _interval(found.over_groups(name)) for name in MEASURES}
    return {**over_reports, **over_groups}


def _part(part: Part) -> dict[str, object]:
    records = part.records
    return {
        **{name: _counts(counts_of(records, name)) for name in MEASURES},
        "slots": {
            slot: {
                "correct": share.correct,
                "total": share.total,
                "accuracy": share.accuracy,
                "over_all": _counts(records.slot_counts[slot]),
            }
            for slot, share in records.slots.items()
        },
        "spans": {str(label or "all"): _span(part, label) for label in LABELS},
    }


def _span(part: Part, label: Label | None) -> dict[str, object]:
    modes = {f"{mode}_f1": grades.f1 for mode, grades in part.spans.modes[label].items()}
    return _counts(part.spans.strict[label]) | modes


def _counts(counts: Counts) -> dict[str, object]:
    ratios = {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}
    return {"gold": counts.gold, "predicted": counts.predicted, "correct": counts.correct, **ratios}


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]


def _error(number: int, error: Error) -> dict[str, object]:
    return {
        "number": number,
        "report": error.document.id,
        "cause": error.cause.value,
        "gold": _spans(error.gold),
        "predicted": _spans(error.predicted),
        "differs": {slot: list(said) for slot, said in differences(error).items()},
        "confidence": error.confidence,
    }


def _spans(statement: Statement | None) -> Mapping[str, Offsets] | None:
    return None if statement is None else dict(statement.spans)


def _run(found: Findings) -> dict[str, object]:
    run = found.run
    return {
        "command": run.command,
        "config": dict(run.config),
        "versions": dict(run.versions),
        "data": dict(run.data),
        "seen": [{"what": note.key, **note.values} for note in run.seen],
    }
