"""`zhibiao compare` on evaluations that `zhibiao evaluate` wrote."""

import json

import pytest
from typer.testing import CliRunner

from zhibiao.cli import build_app
from zhibiao.cli.app import ExitCode

TEXT = "全年新增停车位320个，改造老旧小区21个。"


def line(id, district):
    record = {
        "spans": {"indicator": [2, 7], "value": [7, 10], "unit": [10, 11], "year": [0, 2]},
        "year": 2023,
        "kind": "actual",
    }
    about = {"id": id, "title": "总结", "publisher": "岚城街道", "district": district, "report_year": 2023}
    return json.dumps(about | {"text": TEXT, "records": [record]}, ensure_ascii=False)


def run(*arguments):
    return CliRunner().invoke(build_app(), list(map(str, arguments)), env={"COLUMNS": "160"})


@pytest.fixture
def written(tmp_path):
    """`A.json` of the rules; `B.json` and a report folder of the gold's own spans, which are all right."""
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(line(f"r{n}", f"区{n}") for n in range(6)), encoding="utf-8")
    for name, options in (("A.json", ()), ("B.json", ("--gold-spans",)), ("B", ("--gold-spans",))):
        result = run(
            "evaluate", "--data", gold, "--method", "rules", "-o", tmp_path / name, "--quiet", *options
        )
        assert result.exit_code == 0, result.output
    return tmp_path


def test_two_evaluations_side_by_side(written):
    result = run("compare", written / "A.json", written / "B.json")
    assert result.exit_code == 0, result.output
    assert "rules on gold spans is better by 0.333 strict F1, more than chance" in " ".join(
        result.output.split()
    )
    assert "spurious_quantity" in result.output
    figures = json.loads(run("compare", written / "A.json", written / "B.json", "--json").output)
    strict = figures["measures"]["strict"]
    assert (strict["a"], strict["b"]) == (pytest.approx(2 / 3), 1.0)
    assert strict["over_reports"]["significant"] and strict["over_districts"]["p"] < 0.05
    assert (figures["reports"], figures["districts"]) == (6, 6)


def test_a_report_folder_will_do(written):
    result = run("compare", written / "B.json", written / "B", "--json")
    figures = json.loads(result.output)
    assert figures["verdict"] == "strict F1 is the same"
    assert {measure["difference"] for measure in figures["measures"].values()} == {0.0}


def test_half_of_the_reports_is_compared_alone(written):
    whole = json.loads(run("compare", written / "A.json", written / "B.json", "--json").output)
    for half, reports in (("even", 3), ("odd", 3)):
        told = run("compare", written / "A.json", written / "B.json", "--half", half)
        assert f"over {reports} reports" in " ".join(told.output.split())
        assert "spurious_quantity" not in told.output
        figures = json.loads(
            run("compare", written / "A.json", written / "B.json", "--half", half, "--json").output
        )
        assert (figures["reports"], whole["reports"]) == (reports, 6)


def test_what_cannot_be_compared_is_told(written):
    other = written / "other.jsonl"
    other.write_text(line("elsewhere", "云麓区"), encoding="utf-8")
    run("evaluate", "--data", other, "--method", "rules", "-o", written / "C.json", "--quiet")
    for path, finding in (
        (written / "C.json", "not scored on the same reports"),
        (written / "none.json", "cannot be read"),
        (written / "gold.jsonl", "cannot be read"),
    ):
        result = run("compare", written / "A.json", path)
        assert result.exit_code == ExitCode.INPUTS_FAILED
        assert finding in result.stderr
    (written / "old.json").write_text('{"predictor": "rules/0.1.0"}', encoding="utf-8")
    told = run("compare", written / "A.json", written / "old.json")
    assert "no counts per report" in told.stderr
