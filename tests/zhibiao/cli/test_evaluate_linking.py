"""The report scores the linking of gold spans by the rules and by the model's own link head."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from training.curve_file import LearningCurve, Point, write_curve
from zhibiao.cli import build_app
from zhibiao.cli import evaluate as command
from zhibiao.cli.app import ExitCode

if TYPE_CHECKING:
    from tests.conftest import Lessons

MEASURES = ("strict", "relaxed", "normalised", "slots", "spans")


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(build_app(), ["evaluate", *map(str, arguments)], prog_name="zhibiao")
    return result.exit_code, result.stdout, result.stderr


def figures(*arguments: object) -> dict[str, Any]:
    code, told, complaints = run(*arguments, "--json")
    assert code == 0, complaints
    read: dict[str, Any] = json.loads(told)
    return read


def measured(part: dict[str, Any]) -> dict[str, Any]:
    return {name: part[name] for name in MEASURES}


@pytest.mark.slow
@pytest.mark.parametrize("method", ["model", "combined"])
def test_a_models_own_head_links_the_gold_spans(method: str, lessons: Lessons, tiny_model: Path) -> None:
    asked = ("--data", lessons.gold, "--method", method, "--model", tiny_model)
    told = figures(*asked)
    assert list(told["linking"]) == ["rules", "model"]
    rules, model = told["linking"]["rules"], told["linking"]["model"]
    assert rules["predictor"] == "rules on gold spans"
    assert model["predictor"] == told["predictor"].partition("+")[0]
    for one in (rules, model):
        assert one["spans"]["all"]["f1"] == 1.0, "the spans are the gold's"
    assert told["all"]["spans"]["all"]["f1"] < 1.0, "its own spans are not"
    alone = figures(*asked, "--gold-spans")
    assert measured(alone["all"]) == measured(model)
    assert measured(alone["linking"]["model"]) == measured(model)


@pytest.mark.slow
def test_a_spoiled_head_spoils_the_models_linking_and_not_that_of_the_rules(
    lessons: Lessons, tiny_model: Path, tmp_path: Path
) -> None:
    import numpy as np
    from safetensors.numpy import load_file, save_file

    spoiled = Path(shutil.copytree(tiny_model, tmp_path / "spoiled"))
    weights = load_file(spoiled / "model.safetensors")
    turned = {
        name: np.asarray(-each) if name.startswith("links.") else each for name, each in weights.items()
    }
    save_file(turned, spoiled / "model.safetensors")
    whole, broken = (figures("--data", lessons.gold, "--model", one) for one in (tiny_model, spoiled))
    assert measured(whole["linking"]["rules"]) == measured(broken["linking"]["rules"])
    first, second = (one["linking"]["model"]["strict"]["f1"] for one in (whole, broken))
    assert second < first - 0.2


@pytest.mark.slow
def test_where_its_links_are_unused_the_rules_alone_are_scored(lessons: Lessons, tiny_model: Path) -> None:
    told = figures("--data", lessons.gold, "--model", tiny_model, "--rule-links")
    assert list(told["linking"]) == ["rules"]
    by_rules = figures("--data", lessons.gold, "--model", tiny_model, "--rule-links", "--gold-spans")
    assert measured(by_rules["all"]) == measured(told["linking"]["rules"])


def test_rules_are_scored_by_assembly_alone(small_gold: Path) -> None:
    for more in ((), ("--gold-spans",), ("--leave-one-out", "district")):
        told = figures("--data", small_gold, "--method", "rules", *more)
        assert list(told["linking"]) == ["rules"]
    left_out = figures(
        "--data", small_gold, "--method", "rules", "--leave-one-out", "district", "--gold-spans"
    )
    assert left_out["predictor"] == "rules on gold spans, leave-one-out"
    assert measured(left_out["all"]) == measured(left_out["linking"]["rules"])


@pytest.fixture
def small_gold(tmp_path: Path) -> Path:
    """Two reports of a sentence each, read in no time."""
    text = "全年新增停车位320个，改造老旧小区21处。"
    spans = {"indicator": [2, 7], "value": [7, 10], "unit": [10, 11], "year": [0, 2]}
    records = [{"spans": spans, "year": 2023, "kind": "actual"}]
    path = tmp_path / "gold.jsonl"
    lines = [
        {"id": id, "title": "总结", "publisher": f"{place}政府", "district": place, "report_year": 2023}
        | {"text": text, "records": records}
        for id, place in (("a", "云麓区"), ("b", "岚城区"))
    ]
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


@pytest.mark.slow
def test_each_fold_links_by_the_model_that_has_not_seen_it(
    lessons: Lessons, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "FOLDS", tmp_path / "folds")
    config = lessons.write(tmp_path / "config.toml", tmp_path / "unused", schedule={"epochs": 3})
    asked = ("--data", lessons.gold, "--leave-one-out", "district", "--folds", 2, "--config", config)
    told = figures(*asked)
    folders = {one.name for one in (tmp_path / "folds").iterdir()}
    assert len(folders) == 2
    model = told["linking"]["model"]
    assert told["predictor"].startswith(model["predictor"].partition(" ")[0])
    assert re.fullmatch(r"model/[0-9a-f]{12} \(and 1 more\), leave-one-out", model["predictor"])
    assert model["spans"]["all"]["f1"] == 1.0
    assert measured(figures(*asked, "--gold-spans")["all"]) == measured(model)
    assert {one.name for one in (tmp_path / "folds").iterdir()} == folders, "trained again"
    code, _, complaints = run(*asked, "--method", "rules")
    assert code == ExitCode.USAGE
    assert f"--config {config} with --method rules: choose one" in complaints


@pytest.mark.parametrize("method", ["model", "combined"])
def test_a_model_that_was_asked_for_is_not_replaced_by_rules(
    method: str, small_gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZHIBIAO_MODEL", raising=False)
    code, _, complaints = run("--data", small_gold, "--method", method, "--gold-spans")
    assert code == ExitCode.USAGE
    assert f"--method {method}, but no --model" in complaints


@pytest.mark.slow
def test_the_report_of_a_model_names_both_ways_of_linking_and_its_curve(
    lessons: Lessons, tiny_model: Path, tmp_path: Path
) -> None:
    curve = tmp_path / "model.curve.json"
    points = tuple(
        Point(count, 90 * count, False, 8, f1, f1, (0.25, 0.5), (0.25, 0.5))
        for count, f1 in ((1, 0.3125), (5, 0.4375))
    )
    write_curve(curve, LearningCurve(points, ("a",), True))
    folder = tmp_path / "report"
    asked = ("--data", lessons.gold, "--model", tiny_model, "--curve", curve, "-o", folder, "--lang", "en")
    code, _, complaints = run(*asked, "--quiet")
    assert code == 0, complaints
    told = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert told["learning_curve"]["points"] == json.loads(curve.read_text(encoding="utf-8"))["points"]
    assert told["learning_curve"]["source"] == str(curve)
    assert str(curve) in told["run"]["data"] and f"--curve {curve}" in told["run"]["command"]
    page = (folder / "report.html").read_text(encoding="utf-8")
    markdown = (folder / "report.md").read_text(encoding="utf-8").replace("\\", "")
    linker = told["linking"]["model"]["predictor"]
    assert linker == told["predictor"].partition("+")[0]
    for said in (page, markdown):
        assert f"The model's link head is {linker}'s own" in said.replace("&#x27;", "'")
        assert f"Source: {curve}." in said
        assert f"{points[1].strict:.3f}" in said


@pytest.mark.parametrize(
    ("options", "code", "finding"),
    [
        (["--json", "--curve", "GOLD"], ExitCode.INPUTS_FAILED, "gold.jsonl: cannot be read"),
        (["--json", "--curve", "none.json"], ExitCode.INPUTS_FAILED, "none.json: cannot be read"),
        (["--curve", "curve.json"], ExitCode.USAGE, "--curve curve.json: it goes into the report; add -o"),
    ],
)
def test_a_curve_that_is_none_is_told_before_anything_is_scored(
    options: list[str], code: ExitCode, finding: str, small_gold: Path
) -> None:
    words = [str(small_gold) if word == "GOLD" else word for word in options]
    found, printed, complaints = run("--data", small_gold, "--method", "rules", *words)
    assert (found, printed) == (code, "")
    assert finding in complaints
    assert "evaluating" not in complaints
