import json
import shlex
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from training.evaluate import evaluate
from training.provenance import provenance_of, provenance_to_json
from zhibiao.cli import build_app
from zhibiao.cli.app import ExitCode
from zhibiao.jsonl import read_gold, read_records
from zhibiao.normalise import format_decimal
from zhibiao.rules import RulePredictor
from zhibiao.scoring import RecordScores, score

ROOT = Path(__file__).parents[3]

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
    return CliRunner().invoke(build_app(), arguments, env={"COLUMNS": "160"}, prog_name="zhibiao")


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
    assert not (tmp_path / "report.html").exists()
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
        (["--folds", "2"], ExitCode.USAGE, "--folds 2 is for --leave-one-out"),
        (["--config", "some.toml"], ExitCode.USAGE, "--config some.toml is for --leave-one-out"),
        (["--hold-out", "云麓区"], ExitCode.USAGE, "write district=NAME"),
        (["--hold-out", "district=无此区"], ExitCode.USAGE, "no report of the data has it"),
        (["--hold-out", "district=云麓区", "--leave-one-out", "district"], ExitCode.USAGE, "choose one"),
        (["--leave-one-out", "district", "--model", "x"], ExitCode.USAGE, "needs a predictor for every fold"),
        (["--leave-one-out", "publisher"], ExitCode.USAGE, "the data hold one publisher only"),
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


def test_a_folder_gets_the_report_in_three_forms(gold, tmp_path):
    folder = tmp_path / "deep" / "report"
    result = run(gold, "-o", str(folder), "--lang", "en", "--quiet")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "report.json", "report.md"]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") and 'lang="en"' in page
    written = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert written["run"]["command"] == (
        f"zhibiao evaluate --data {gold} --method rules --output {folder} --lang en --quiet"
    )
    assert written["run"]["data"] == {str(gold): sha256(gold.read_bytes()).hexdigest()}
    assert written["run"]["config"]["predictor"] == written["predictor"]
    assert str(gold) in (folder / "report.md").read_text(encoding="utf-8").replace("\\", "")


def test_the_command_of_a_report_makes_the_same_report(gold, tmp_path):
    first = figures(gold, "--half", "even", "--group-by", "district")
    words = shlex.split(first["run"]["command"])
    again = CliRunner().invoke(build_app(), words[1:], prog_name="zhibiao")
    second = json.loads(again.stdout)
    for told in (first, second):
        del told["timing"]
    assert first == second


@pytest.mark.slow
def test_evaluation_equals_extraction_followed_by_scoring_byte_for_byte(tmp_path):
    """The same decode path: what a user extracts from files is what the evaluation scored."""
    records = tmp_path / "records.jsonl"
    command = ["extract", str(ROOT / "data" / "texts"), "-o", str(records), "--method", "rules", "--quiet"]
    assert CliRunner().invoke(build_app(), command).exit_code == 0
    gold = list(read_gold(ROOT / "data" / "gold.jsonl"))
    extracted = score(gold, read_records(records))
    evaluated = RecordScores(tuple(one.records for one in evaluate(gold, RulePredictor()).reports))
    assert dumped(extracted) == dumped(evaluated)
    assert extracted.strict.correct > 1000


def dumped(scores):
    """Every statement, pair and difference as bytes; 36.50 and 36.5 are the same number."""
    found = [asdict(comparison) for report in scores.reports for comparison in report.comparisons]
    return json.dumps(found, default=format_decimal, sort_keys=True).encode()


def test_leaving_one_out_costs_rules_nothing(gold):
    left_out = figures(gold, "--leave-one-out", "district")
    assert left_out["predictor"].endswith(", leave-one-out")
    together = figures(gold, "--group-by", "district")
    assert left_out["all"] == together["all"]
    assert left_out["groups"] == together["groups"]
    assert figures(gold, "--leave-one-out", "district", "--folds", "2")["all"] == together["all"]


def model_folder(tmp_path, reports):
    folder = tmp_path / "model"
    folder.mkdir()
    told = {"data": provenance_to_json(provenance_of(reports))}
    (folder / "training.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return folder


def test_holding_out_scores_that_district_alone(gold):
    assert sorted(figures(gold, "--hold-out", "district=岚城区")["reports"]) == ["b"]


def test_a_model_that_has_seen_the_district_is_refused_with_the_reason(gold, tmp_path):
    folder = model_folder(tmp_path, read_gold(gold))
    arguments = ["evaluate", "--data", str(gold), "--model", str(folder), "--hold-out", "district=岚城区"]
    result = CliRunner().invoke(build_app(), arguments)
    assert result.exit_code == ExitCode.USAGE
    assert "the model was trained on" in result.stderr
    assert "b (gold) is of 岚城区: its district is 岚城区" in result.stderr


def test_a_model_that_is_found_by_itself_is_refused_too(gold, tmp_path, monkeypatch):
    monkeypatch.setenv("ZHIBIAO_MODEL", str(model_folder(tmp_path, read_gold(gold))))
    arguments = ["evaluate", "--data", str(gold), "--hold-out", "district=岚城区"]
    result = CliRunner().invoke(build_app(), arguments)
    assert result.exit_code == ExitCode.USAGE
    assert "the model was trained on" in result.stderr
