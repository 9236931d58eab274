"""The sections of figures: records, slots, slices, spans, linking, confidences, causes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from training.evaluate import Part
from training.report.cells import counts_cells, range_cell, ratio
from training.report.contents import Bars, Block, Curve, Dot, DotPlot, Section, Table
from training.report.findings import MEASURES, Findings, counts_of
from training.report.learning import learning_blocks
from training.report.words import Words
from zhibiao.schema import Label
from zhibiao.scoring import DECIDING, REPORTED, Interval, SpanMode
from zhibiao.scoring.bootstrap import bootstrap_f1

__all__ = ["figure_sections"]

LABELS: tuple[Label | None, ...] = (*Label, None)


def figure_sections(found: Findings, words: Words) -> Iterator[Section]:
    """In the order in which they are read."""
    makers = (
        _records,
        _groups,
        _slices,
        _causes,
        _confusions,
        _slots,
        _spans,
        _linking,
        _confidence,
        _learning,
        _reports,
    )
    for maker in makers:
        if maker is _learning and found.curve is None:
            continue  # no curve was given, so there is nothing to say of it
        name = maker.__name__.lstrip("_")
        yield Section(name, words(f"section_{name}"), tuple(maker(found, words)))


def _records(found: Findings, words: Words) -> Iterator[Block]:
    yield words("records_note")
    columns = ("measure", "gold", "predicted", "correct", "precision", "recall", "f1")
    rows = [
        (
            words.name("measure", measure),
            *counts_cells(counts_of(found.whole.records, measure)),
            range_cell(found.over_reports(measure)),
            range_cell(found.over_groups(measure)),
        )
        for measure in MEASURES
    ]
    heads = [words(f"column_{column}") for column in columns]
    yield Table((*heads, words("column_over_reports"), words("column_over_groups")), tuple(rows))


def _groups(found: Findings, words: Words) -> Iterator[Block]:
    group = words.name("group", found.group_by)
    columns = ("reports", "gold", "predicted", "f1_strict", "interval", "f1_relaxed", "f1_normalised", "year")
    heads = (group, *(words(f"column_{column}") for column in columns))
    yield words("groups_note")
    parts = sorted(found.groups, key=lambda part: part.records.strict.f1)
    yield DotPlot(words("groups_plot", group=group), tuple(_part_dot(part) for part in parts))
    whole = (words("all"), *_group_cells(found.whole))
    yield Table(heads, (*((part.name, *_group_cells(part)) for part in parts), whole), total=True)


def _group_cells(part: Part) -> tuple[str, ...]:
    records = part.records
    interval = _interval_of(part)
    return (
        str(len(records.reports)),
        str(records.strict.gold),
        str(records.strict.predicted),
        ratio(records.strict.f1),
        range_cell(interval),
        ratio(records.relaxed.f1),
        ratio(records.normalised.f1),
        ratio(records.slots["year"].accuracy),
    )


def _interval_of(part: Part) -> Interval | None:
    """One report cannot be drawn anew."""
    units = [report.strict for report in part.records.reports]
    return bootstrap_f1(units) if len(units) > 1 else None


def _part_dot(part: Part) -> Dot:
    return _dot(part.name, part.records.strict.f1, _interval_of(part))


def _dot(label: str, value: float, interval: Interval | None) -> Dot:
    low, high = (interval.low, interval.high) if interval else (None, None)
    return Dot(label, value, low, high)


def _reports(found: Findings, words: Words) -> Iterator[Block]:
    rate = found.characters / found.seconds if found.seconds else 0.0
    yield words(
        "reading_note",
        characters=found.characters,
        unread=found.unread,
        seconds=f"{found.seconds:.1f}",
        rate=f"{rate:,.0f}",
    )
    columns = (
        "report",
        "gold",
        "predicted",
        "f1_strict",
        "f1_relaxed",
        "f1_normalised",
        "characters",
        "seconds",
    )
    rows = [
        (
            report.document.id,
            str(report.records.strict.gold),
            str(report.records.strict.predicted),
            ratio(report.records.strict.f1),
            ratio(report.records.relaxed.f1),
            ratio(report.records.normalised.f1),
            str(len(report.document.text)),
            f"{report.seconds:.2f}",
        )
        for report in sorted(found.evaluation.reports, key=lambda report: report.records.strict.f1)
    ]
    yield Table(tuple(words(f"column_{column}") for column in columns), tuple(rows))


def _slots(found: Findings, words: Words) -> Iterator[Block]:
    yield words("slots_note")
    columns = ("slot", "pairs", "accuracy", "gold", "predicted", "correct", "precision", "recall", "f1")
    rows = [
        (
            words.name("slot", slot),
            str(found.whole.records.slots[slot].total),
            ratio(found.whole.records.slots[slot].accuracy),
            *counts_cells(found.whole.records.slot_counts[slot]),
        )
        for slot in DECIDING + REPORTED
    ]
    yield Table(tuple(words(f"column_{column}") for column in columns), tuple(rows))


def _slices(found: Findings, words: Words) -> Iterator[Block]:
    yield words("slices_note")
    some = [one for one in found.slices if one.strict.gold]
    dots = [_dot(words.name("slice", one.name), one.strict.f1, one.interval) for one in some]
    yield DotPlot(words("slices_plot"), tuple(sorted(dots, key=lambda dot: dot.value)))
    columns = ("slice", "gold", "predicted", "correct", "precision", "recall", "f1", "interval")
    rows = [
        (
            words.name("slice", one.name),
            *counts_cells(one.strict),
            range_cell(one.interval),
            ratio(one.relaxed.f1),
            ratio(one.normalised.f1),
        )
        for one in found.slices
    ]
    heads = [words(f"column_{column}") for column in (*columns, "f1_relaxed", "f1_normalised")]
    yield Table(tuple(heads), tuple(rows))


def _spans(found: Findings, words: Words) -> Iterator[Block]:
    yield words("spans_note")
    columns = ("label", "gold", "predicted", "correct", "precision", "recall", "f1")
    heads = [words(f"column_{column}") for column in columns] + [f"F1 {mode}" for mode in SpanMode]
    spans = found.whole.spans
    rows = [
        (
            str(label or words("all")),
            *counts_cells(spans.strict[label]),
            *(ratio(spans.modes[label][mode].f1) for mode in SpanMode),
        )
        for label in LABELS
    ]
    yield Table(tuple(heads), tuple(rows), total=True)


def _linking(found: Findings, words: Words) -> Iterator[Block]:
    if not found.linking:
        yield words("no_linking")
        return
    yield words("linking_note")
    model = found.linking.get("model")
    yield words("linking_model", predictor=model.predictor) if model else words("linking_rules_only")
    columns = ("linked_by", "measure", "gold", "predicted", "correct", "precision", "recall", "f1")
    rows = [
        (
            words(f"linked_by_{linker}"),
            words.name("measure", measure),
            *counts_cells(counts_of(evaluation.whole().records, measure)),
        )
        for linker, evaluation in found.linking.items()
        for measure in MEASURES
    ]
    yield Table(tuple(words(f"column_{column}") for column in columns), tuple(rows), words=2)


def _learning(found: Findings, words: Words) -> Iterator[Block]:
    if found.curve is not None:
        evaluated = frozenset(report.document.id for report in found.evaluation.reports)
        yield from learning_blocks(found.curve, evaluated, words)


def _confidence(found: Findings, words: Words) -> Iterator[Block]:
    calibration = found.calibration
    if calibration is None:
        yield words("no_confidence", predictor=found.evaluation.predictor)
        return
    yield words(
        "confidence_note",
        records=calibration.records,
        error=ratio(calibration.error),
        area=ratio(calibration.area),
    )
    columns = ("confidence", "records", "mean_confidence", "accuracy")
    rows = [
        (f"{b.low:.1f}–{b.high:.1f}", str(b.records), ratio(b.confidence), ratio(b.accuracy))
        for b in calibration.bins
    ]
    points = tuple((b.confidence, b.accuracy) for b in calibration.bins)
    yield Curve(words("calibration_plot"), words("column_confidence"), words("column_accuracy"), points, True)
    yield Table(tuple(words(f"column_{column}") for column in columns), tuple(rows))
    kept = tuple((p.coverage, p.risk) for p in calibration.risks)
    yield Curve(words("risk_plot"), words("column_coverage"), words("column_risk"), kept)
    heads = tuple(words(f"column_{column}") for column in ("coverage", "risk", "threshold"))
    yield Table(
        heads, tuple((ratio(p.coverage), ratio(p.risk), ratio(p.threshold)) for p in calibration.risks)
    )


def _causes(found: Findings, words: Words) -> Iterator[Block]:
    strict = found.whole.records.strict
    missed, spurious = strict.gold - strict.correct, strict.predicted - strict.correct
    yield words("causes_note", missed=missed, spurious=spurious)
    counted = sorted(found.causes, key=lambda count: -count.records)
    rows = [
        (words.name("cause", c.cause), str(c.records), str(c.false_negatives), str(c.false_positives))
        for c in counted
    ]
    parts = (words("column_missed"), words("column_spurious"))
    drawn = [
        (words.name("cause", c.cause), c.false_negatives, c.false_positives) for c in counted if c.records
    ]
    if drawn:
        yield Bars(words("causes_plot"), parts, tuple(drawn))
    total = (words("all"), str(len(found.errors)), str(missed), str(spurious))
    heads = (words("column_cause"), words("column_wrong"), *parts)
    yield Table(heads, (*rows, total), total=True)


def _confusions(found: Findings, words: Words) -> Iterator[Block]:
    if not found.confusions:
        yield words("no_confusions")
        return
    yield words("confusions_note")
    columns = ("cause", "gold_indicator", "predicted_indicator", "times", "reports")
    rows: Sequence[tuple[str, ...]] = [
        (words.name("cause", c.cause), c.gold or "–", c.predicted or "–", str(c.times), str(c.reports))
        for c in found.confusions
    ]
    yield Table(tuple(words(f"column_{column}") for column in columns), tuple(rows), words=3)
