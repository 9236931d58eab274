"""All checks over all places, with a count of what was compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from zhibiao.audit.checks import CHECKS
from zhibiao.audit.findings import Certainty, Check, Finding, Severity
from zhibiao.audit.ledger import Ledger
from zhibiao.series import PlaceRecords, RecordFiles

__all__ = ["Audit"]

_CHECKS = tuple(Check)
_GRAVITY = tuple(Severity)
_SURENESS = tuple(Certainty)


@dataclass(slots=True)
class Audit:
    """Goes through the places one by one; the counts are complete when it is through.

    `compared` says how many comparisons each check made, whatever came of them.
    """

    files: RecordFiles
    compared: Counter[Check] = field(default_factory=Counter)
    found: Counter[tuple[Check, Certainty]] = field(default_factory=Counter)
    reports: set[str] = field(default_factory=set)
    places: int = 0

    def __iter__(self) -> Iterator[Finding]:
        for group in self.files:
            self.places += 1
            self.reports.update(record.report_id for record in group.records)
            yield from self._place(group)

    def _place(self, group: PlaceRecords) -> list[Finding]:
        """The findings of a place: by check, the surest and gravest first."""
        ledger = Ledger.of(group)
        findings = []
        for check, compare in CHECKS:
            for finding in compare(ledger):
                self.compared[check] += 1
                if finding is not None:
                    self.found[check, finding.certainty] += 1
                    findings.append(finding)
        return sorted(findings, key=_rank)


def _rank(finding: Finding) -> tuple[int, int, int, float, int]:
    return (
        _CHECKS.index(finding.check),
        _SURENESS.index(finding.certainty),
        _GRAVITY.index(finding.severity),
        -finding.gap,
        finding.year or 0,
    )
