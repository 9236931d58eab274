"""`zhibiao demo` does the main job on the reports that ship with the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from training.evaluate import evaluate
from zhibiao.cli import build_app
from zhibiao.cli.demo import DATA
from zhibiao.jsonl import read_gold, read_records
from zhibiao.rules import RulePredictor


@pytest.mark.slow
def test_the_demo_by_rules_writes_records_and_a_page(tmp_path: Path) -> None:
    result = CliRunner().invoke(build_app(), ["demo", "--method", "rules", "-o", str(tmp_path / "demo")])
    assert result.exit_code == 0, result.stderr
    files = sorted(path.name for path in (tmp_path / "demo").iterdir())
    assert files == ["page.html", "records.csv", "records.jsonl", "records.jsonl.manifest"]
    gold = {report.document.id for report in read_gold(DATA / "gold.jsonl")}
    records = list(read_records(tmp_path / "demo" / "records.jsonl"))
    assert gold <= {record.report_id for record in records}
    scores = evaluate(read_gold(DATA / "gold.jsonl"), RulePredictor()).whole().records
    told = f"F1 of all: strict {scores.strict.f1:.3f}, relaxed {scores.relaxed.f1:.3f}"
    assert told in result.stdout, "extract and evaluate part ways"
    page = (tmp_path / "demo" / "page.html").read_text("utf-8")
    for report in gold:
        assert report in page
        assert f"F1 of {report}: strict " in result.stdout


@pytest.mark.slow
def test_the_demo_trains_scores_and_extracts_what_was_held_out(tmp_path: Path, tiny_encoder: Path) -> None:
    config = tmp_path / "tiny.toml"
    config.write_text(
        '[data]\ngold = ["data/gold.jsonl"]\ndev = ["云汀新区"]\nhold_out = ["望潮区"]\n'
        f'[encoder]\nsource = "{tiny_encoder}"\n'
        "[schedule]\nepochs = 1\n"
    )
    output = tmp_path / "demo"
    result = CliRunner().invoke(build_app(), ["demo", "--config", str(config), "-o", str(output)])
    assert result.exit_code == 0, result.stderr
    assert "the model has not seen wangchao-2025" in result.stdout
    assert "F1 of wangchao-2025: strict " in result.stdout
    assert {record.report_id for record in read_records(output / "records.jsonl")} <= {"wangchao-2025"}
    assert (output / "model" / "training.json").is_file()


def test_a_folder_without_reports_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        build_app(), ["demo", "--method", "rules", "--data", str(tmp_path), "-o", str(tmp_path / "out")]
    )
    assert result.exit_code == 3
    assert "no report to show" in result.stderr
    assert not (tmp_path / "out").exists()


def test_without_gold_there_is_no_score(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("2023年，街道实现财政总收入12.5亿元。\n")
    result = CliRunner().invoke(
        build_app(), ["demo", "--method", "rules", "--data", str(tmp_path), "-o", str(tmp_path / "out")]
    )
    assert result.exit_code == 0
    assert "财政总收入" in result.stdout
    assert "F1" not in result.stdout
