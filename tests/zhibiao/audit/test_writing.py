"""What an audit leaves behind: findings as JSON lines, counts, a page without a way out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from zhibiao.audit import Audit, Check, Outputs, hint, messages, reason, summary_to_json, write_audit
from zhibiao.errors import WriteError
from zhibiao.jsonl import write_records
from zhibiao.series import RecordFiles
from zhibiao.view.lang import Lang


@pytest.fixture
def audit(extract, tmp_path: Path) -> Audit:
    reports = extract(2030, "货物进出口总额80.5亿元。城市污水处理率达到102.4%。", "货物进出口总额增长8%。")
    reports += extract(2031, "货物进出口总额96.6亿元，增长5.2%。")
    hostile = "</script><script>alert(1)</script>"
    write_records(tmp_path / "records.jsonl", [replace(record, title=hostile) for record in reports])
    return Audit(RecordFiles([tmp_path / "records.jsonl"]))


def test_files_hold_findings_with_their_sources(audit: Audit, tmp_path: Path) -> None:
    outputs = Outputs(tmp_path / "audit")
    findings = write_audit(audit, outputs)
    lines = [json.loads(line) for line in outputs.findings.read_text("utf-8").splitlines()]
    assert [line["check"] for line in lines] == ["growth", "share", "target"]
    assert len(findings) == 3
    for line in lines:
        assert set(line["reason"]) == {"zh", "en"}
        for source in line["sources"]:
            start, end = source["spans"]["indicator"]
            assert end - start == len(source["indicator"])
            assert source["indicator"] in source["evidence"]


def test_the_summary_counts_comparisons(audit: Audit, tmp_path: Path) -> None:
    findings = write_audit(audit, Outputs(tmp_path))
    summary = json.loads(Outputs(tmp_path).summary.read_text("utf-8"))
    assert summary == summary_to_json(audit, findings)
    assert (summary["places"], summary["reports"], summary["findings"]) == (1, 2, 3)
    assert summary["checks"]["share"] == {"compared": 1, "likely": 1, "possible": 0}
    assert set(summary["checks"]) == {check.value for check in Check}


def test_the_page_escapes_what_reports_say(audit: Audit, tmp_path: Path) -> None:
    write_audit(audit, Outputs(tmp_path))
    page = Outputs(tmp_path).page.read_text("utf-8")
    assert "<script>alert" not in page
    assert "default-src 'none'" in page
    assert "http://" not in page and "https://" not in page


def test_every_reason_and_hint_is_said_in_both_languages(audit: Audit) -> None:
    zh, en = (messages(lang) for lang in Lang)
    assert set(zh) == set(en)
    for finding in audit:
        for lang in Lang:
            assert "{" not in reason(finding, lang) + (hint(finding, lang) or "")


def test_a_file_in_the_place_of_the_folder_is_an_error(audit: Audit, tmp_path: Path) -> None:
    (tmp_path / "audit").write_text("")
    with pytest.raises(WriteError, match="folder"):
        write_audit(audit, Outputs(tmp_path / "audit"))
