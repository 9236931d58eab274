"""An agreement to look at: tables, JSON for programs, and a page of the disagreements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table

from annotation.agreement import Agreement, ReportAgreement
from annotation.side_by_side import side_by_side
from zhibiao.jsonl import gold_record_to_json
from zhibiao.schema import Label
from zhibiao.scoring import DECIDING, REPORTED, Counts, SpanMode, SpanScores
from zhibiao.version import __version__
from zhibiao.view import ReportView

__all__ = ["agreement_to_json", "page", "tables"]

LABELS: tuple[Label | None, ...] = (*Label, None)


def tables(agreement: Agreement) -> list[Table]:
    """Per report, per label, per slot."""
    return [_reports_table(agreement), _labels_table(agreement), _slots_table(agreement)]


def page(agreement: Agreement) -> Iterator[ReportView]:
    """Every report with a disagreement: sentence by sentence A's reading above B's."""
    for report in agreement.reports:
        if report.disagreements():
            yield side_by_side(report.both, report.disagreements())


def _reports_table(agreement: Agreement) -> Table:
    columns = ("A", "B", "strict", "relaxed", "spans", "alpha", "differ")
    table = _table("Agreement per report: F1 of records and spans, alpha", "report", columns)
    for report in agreement.reports:
        table.add_row(report.id, *_report_cells(report))
    table.add_section()
    open_ones = sum(len(report.disagreements()) for report in agreement.reports)
    records = agreement.records
    cells = _cells(records.strict, records.relaxed, agreement.spans, agreement.alpha(), open_ones)
    table.add_row("all", *cells, style="bold")
    low, high = records.strict_interval.low, records.strict_interval.high
    table.caption = f"95 % interval of strict record F1 over reports: {_ratio(low)}–{_ratio(high)}"
    table.caption_justify = "left"
    return table


def _report_cells(report: ReportAgreement) -> tuple[str, ...]:
    scores = report.records
    return _cells(scores.strict, scores.relaxed, report.spans, report.alpha, len(report.disagreements()))


def _cells(
    strict: Counts, relaxed: Counts, spans: SpanScores, alpha: float | None, n_open: int
) -> tuple[str, ...]:
    f1 = (strict.f1, relaxed.f1, spans.strict[None].f1)
    return (str(strict.gold), str(strict.predicted), *map(_ratio, f1), _ratio(alpha), str(n_open))


def _labels_table(agreement: Agreement) -> Table:
    table = _table("Agreement per label", "label", ("A", "B", "both", "F1", "F1 by overlap", "alpha"))
    for label in LABELS:
        counts, modes = agreement.spans.strict[label], agreement.spans.modes[label]
        numbers = (counts.gold, counts.predicted, counts.correct)
        ratios = (counts.f1, modes[SpanMode.ENT_TYPE].f1, agreement.alpha(label))
        table.add_row(str(label or "all"), *map(str, numbers), *map(_ratio, ratios))
    return table


def _slots_table(agreement: Agreement) -> Table:
    table = _table("Paired records that agree, per slot", "slot", ("pairs", "agree", "share"))
    for slot in DECIDING + REPORTED:
        share = agreement.records.slots[slot]
        table.add_row(slot, str(share.total), str(share.correct), _ratio(share.accuracy))
    return table


def _table(title: str, name: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(name, overflow="fold", min_width=12)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def agreement_to_json(agreement: Agreement) -> dict[str, object]:
    """All figures and every disagreement; `alpha` is null where nothing varies."""
    records = agreement.records
    interval = records.strict_interval
    whole = {
        **_scores_to_json(records.strict, records.relaxed, agreement.spans),
        "strict_interval": [interval.low, interval.high],
        "alpha": agreement.alpha(),
        "alpha_by_label": {label.value: agreement.alpha(label) for label in Label},
        "slots": {
            slot: {"agree": share.correct, "pairs": share.total} for slot, share in records.slots.items()
        },
    }
    return {
        "zhibiao": __version__,
        "only_a": list(agreement.passes.only_a),
        "only_b": list(agreement.passes.only_b),
        "all": whole,
        "reports": {report.id: _report_to_json(report) for report in agreement.reports},
    }


def _report_to_json(report: ReportAgreement) -> dict[str, object]:
    return {
        **_scores_to_json(report.records.strict, report.records.relaxed, report.spans),
        "alpha": report.alpha,
        "disagreements": [
            {
                "differing": list(reading.comparison.differing),
                "a": None if reading.a is None else gold_record_to_json(reading.a),
                "b": None if reading.b is None else gold_record_to_json(reading.b),
            }
            for reading in report.disagreements()
        ],
    }


def _scores_to_json(strict: Counts, relaxed: Counts, spans: SpanScores) -> dict[str, object]:
    return {
        "strict": _counts_to_json(strict),
        "relaxed": _counts_to_json(relaxed),
        "spans": {str(label or "all"): _counts_to_json(spans.strict[label]) for label in LABELS},
    }


def _counts_to_json(counts: Counts) -> dict[str, float]:
    return {"a": counts.gold, "b": counts.predicted, "both": counts.correct, "f1": counts.f1}
