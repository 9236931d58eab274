"""`zhibiao audit` and `zhibiao series` as a person runs them, on the shipped fictional reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import zhibiao
from zhibiao.cli import build_app
from zhibiao.jsonl import write_records

TEXTS = Path(__file__).parents[3] / "data" / "texts"


@pytest.fixture
def records(tmp_path: Path) -> Path:
    document = zhibiao.read(TEXTS / "lanqiao-2023.txt")
    path = tmp_path / "records.jsonl"
    write_records(path, zhibiao.extract([document], zhibiao.load_predictor("rules")))
    return path


def test_audit_counts_and_writes(records: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(build_app(), ["audit", str(records), "-o", str(tmp_path / "audit"), "--json"])
    assert done.exit_code == 0, done.output
    counts = json.loads(done.stdout)
    lines = (tmp_path / "audit" / "findings.jsonl").read_text("utf-8").splitlines()
    assert (counts["findings"], counts["reports"]) == (len(lines), 1)
    assert counts["records"] == len(records.read_text("utf-8").splitlines())
    assert (tmp_path / "audit" / "page.html").exists()


def test_audit_prints_a_table_in_either_language(records: Path, tmp_path: Path) -> None:
    command = ["audit", str(records), "-o", str(tmp_path / "audit")]
    assert "指标一致性审计" in CliRunner().invoke(build_app(), command).stdout
    assert "Consistency audit" in CliRunner().invoke(build_app(), [*command, "--lang", "en"]).stdout


def test_series_writes_its_three_files(records: Path, tmp_path: Path) -> None:
    output, plot = tmp_path / "series.csv", tmp_path / "plots.html"
    done = CliRunner().invoke(
        build_app(), ["series", str(records), "-o", str(output), "--plot", str(plot), "--json"]
    )
    assert done.exit_code == 0, done.output
    counts = json.loads(done.stdout)
    assert counts["rows"] == len(output.read_text("utf-8-sig").splitlines()) - 1 > 5
    assert plot.exists() and (tmp_path / "series.conflicts.csv").exists()


def test_wrong_input_and_wrong_output(records: Path, tmp_path: Path) -> None:
    wrong = CliRunner().invoke(build_app(), ["series", str(records), "-o", "series.docx"])
    assert (wrong.exit_code, "parquet" in wrong.stderr) == (2, True)
    missing = CliRunner().invoke(build_app(), ["audit", "none.jsonl", "-o", str(tmp_path / "audit")])
    assert (missing.exit_code, "none.jsonl" in missing.stderr) == (3, True)
