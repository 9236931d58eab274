import json

import pytest
from typer.testing import CliRunner

from zhibiao.cli import build_app
from zhibiao.cli.app import ExitCode

TEXT = "全年新增停车位320个，改造老旧小区21个。"


def span(quote):
    return [TEXT.index(quote), TEXT.index(quote) + len(quote)]


def line(id, district):
    record = {
        "spans": {
            "indicator": span("新增停车位"),
            "value": span("320"),
            "unit": span("个"),
            "year": span("全年"),
        },
        "year": 2023,
        "kind": "actual",
        "qualifier": None,
    }
    about = {"id": id, "title": "总结", "publisher": "岚城街道", "district": district, "report_year": 2023}
    return json.dumps(about | {"text": TEXT, "records": [record]}, ensure_ascii=False)


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.jsonl"
    lines = [line("c", "云麓区"), line("a", "云麓区"), line("b", "岚城区")]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(gold, *options):
    arguments = ["evaluate", "--data", str(gold), "--method", "rules", *options]
    return CliRunner().invoke(build_app(), arguments, env={"COLUMNS": "160"})


def figures(gold, *options):
    result = run(gold, "--json", *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_tables_name_predictor_and_reports(gold):
    result = run(gold)
    assert result.exit_code == 0
    assert "Records by rules/" in result.stdout
    assert "│ all" in result.stdout
    assert "missed, spurious or wrong" not in result.stdout


def test_json_and_the_output_file_hold_the_same(gold, tmp_path):
    printed = figures(gold, "-o", str(tmp_path / "report.json"))
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == printed
    assert printed["all"]["strict"]["gold"] == 3
    assert printed["all"]["strict"]["predicted"] == 6


@pytest.mark.parametrize(("half", "ids"), [("even", ["a", "c"]), ("odd", ["b"])])
def test_halves(gold, half, ids):
    assert sorted(figures(gold, "--half", half)["reports"]) == ids


def test_groups(gold):
    assert {n: g["strict"]["gold"] for n, g in figures(gold, "--group-by", "district")["groups"].items()} == {
        "云麓区": 2,
        "岚城区": 1,
    }
    assert "岚城区" in run(gold, "--group-by", "district").stdout


def test_several_data(gold, tmp_path):
    other = tmp_path / "more.jsonl"
    other.write_text(line("z", "云麓区"), encoding="utf-8")
    assert sorted(figures(gold, "--data", str(other))["reports"]) == ["a", "b", "c", "z"]


def test_gold_spans_score_the_linking(gold):
    linked = figures(gold, "--gold-spans")
    assert linked["predictor"] == "rules on gold spans"
    assert linked["all"]["strict"]["f1"] == 1.0


def test_errors_are_printed_on_request(gold):
    everything = run(gold, "--errors", "all").stdout
    assert everything.count("] spurious\n") == 3
    assert everything.endswith("in all: 3 spurious\n")
    assert "found 改造老旧小区 | 21个 | 2023 | actual" in everything
    assert "spurious\n" not in run(gold, "--errors", "0").stdout


@pytest.mark.parametrize(
    ("options", "code", "finding"),
    [
        (["--errors", "some"], ExitCode.USAGE, "--errors some: give a number, or all"),
        (["--errors", "-1"], ExitCode.USAGE, "--errors -1"),
        (["--data", "nowhere.jsonl"], ExitCode.INPUTS_FAILED, "nowhere.jsonl: no such file"),
        (["-o", "no/such/folder/r.json"], ExitCode.USAGE, "r.json: cannot be written"),
        (["--model", "some"], ExitCode.USAGE, "choose one of the two"),
        (["--half", "third"], ExitCode.USAGE, "third"),
    ],
)
def test_wrong_usage_is_told(gold, options, code, finding):
    result = run(gold, *options)
    assert result.exit_code == code
    assert finding in result.stderr


def test_the_same_report_twice_is_refused(gold):
    result = run(gold, "--data", str(gold))
    assert result.exit_code == ExitCode.INPUTS_FAILED
    assert "more than once" in result.stderr
