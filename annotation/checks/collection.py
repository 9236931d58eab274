"""The reports taken together: empty ones, doubles, near-doubles, splits, labels that are too few."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from annotation.checks.faults import Fault, FaultKind
from annotation.checks.loading import Loaded
from annotation.splitting import PARTS, Splits, group_of
from zhibiao.likeness import GRAM, NEAR, bare, containment
from zhibiao.likeness import grams as grams_of
from zhibiao.schema import Label
from zhibiao.scoring import gold_spans

__all__ = ["check_collection", "check_splits"]

FEW = 50
"""Fewer spans of a label teach nothing; spaCy warns at the same number."""


def check_collection(reports: Sequence[Loaded], splits: Splits | None) -> Iterator[Fault]:
    """All that takes more than one report to see."""
    for loaded in reports:
        if not bare(loaded.document.text):
            yield loaded.fault(FaultKind.EMPTY, "the report has no text")
        elif not loaded.report.records:
            yield loaded.fault(FaultKind.NO_RECORDS, "the report has no record")
    yield from _same_ids(reports)
    yield from _similar(reports, splits)
    yield from _few(reports)
    if splits is not None:
        yield from check_splits(reports, splits)


def check_splits(reports: Sequence[Loaded], splits: Splits) -> Iterator[Fault]:
    """Every group of the reports stands in exactly one part, and every name stands for a report."""
    times = Counter(name for part in PARTS for name in splits.parts[part])
    for name, count in times.items():
        if count > 1:
            parts = [part for part in PARTS if name in splits.parts[part]]
            message = f"{splits.group_by} {name} stands {count} times, in {' and '.join(parts)}"
            yield Fault(FaultKind.SPLIT, splits.source, message, quote=name)
    named = {group_of(loaded.report, splits.group_by) for loaded in reports}
    for name in sorted(set(times) - named):
        yield Fault(
            FaultKind.SPLIT, splits.source, f"{splits.group_by} {name} stands in no report", quote=name
        )
    for loaded in reports:
        group = group_of(loaded.report, splits.group_by)
        if group not in times:
            yield loaded.fault(FaultKind.SPLIT, f"{splits.group_by} {group} stands in no split")


def _same_ids(reports: Sequence[Loaded]) -> Iterator[Fault]:
    seen: dict[str, Loaded] = {}
    for loaded in reports:
        first = seen.setdefault(loaded.document.id, loaded)
        if first is not loaded:
            yield loaded.fault(FaultKind.DUPLICATE_ID, f"the id of the report at {first.where}")


def _similar(reports: Sequence[Loaded], splits: Splits | None) -> Iterator[Fault]:
    texts = [bare(loaded.document.text) for loaded in reports]
    grams = [grams_of(text) for text in texts]
    for one, other in sorted(_sharing(grams)):
        if texts[one] == texts[other]:
            message = f"the text of {reports[one].document.id} at {reports[one].where}"
            yield reports[other].fault(FaultKind.DUPLICATE_TEXT, message)
        elif (share := containment(grams[one], grams[other])) >= NEAR:
            yield _near(reports[one], reports[other], share, splits)


def _near(one: Loaded, other: Loaded, share: float, splits: Splits | None) -> Fault:
    message = f"{share:.0%} of its runs of {GRAM} characters stand in {one.document.id} at {one.where} too"
    parts = [splits.part_of(group_of(x.report, splits.group_by)) if splits else None for x in (one, other)]
    if parts[0] == parts[1]:
        return other.fault(FaultKind.NEAR_DUPLICATE, message)
    return other.fault(FaultKind.LEAK, f"{message}: one is for {parts[0]}, the other for {parts[1]}")


def _sharing(grams: Sequence[frozenset[int]]) -> set[tuple[int, int]]:
    """The pairs that share any run, found by the runs, since most pairs share none."""
    holders: dict[int, list[int]] = defaultdict(list)
    for number, own in enumerate(grams):
        for gram in own:
            holders[gram].append(number)
    return {pair for numbers in holders.values() if len(numbers) > 1 for pair in combinations(numbers, 2)}


def _few(reports: Sequence[Loaded]) -> Iterator[Fault]:
    counts = Counter(span.label for loaded in reports for span in gold_spans(loaded.report))
    for label in Label:
        if reports and counts[label] < FEW:
            message = f"{counts[label]} {label} spans in all, fewer than {FEW}"
            yield Fault(FaultKind.FEW, reports[0].where.rpartition(":")[0], message)
