"""Audits of fictional reports, extracted by the rules from sentences written for one check each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from zhibiao.audit import Audit, Finding
from zhibiao.jsonl import write_records
from zhibiao.schema import Record
from zhibiao.series import RecordFiles

Report = tuple[int, str, str]


@pytest.fixture
def audit_of(extract: Callable[..., list[Record]], tmp_path: Path) -> Callable[..., list[Finding]]:
    """The findings of reports given as `(year reviewed, review, plan)`, or as records."""

    def run(*reports: Report | list[Record]) -> list[Finding]:
        records = [
            r for report in reports for r in (report if isinstance(report, list) else extract(*report))
        ]
        path = tmp_path / "records.jsonl"
        write_records(path, records)
        return list(Audit(RecordFiles([path])))

    return run
