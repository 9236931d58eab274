"""`zhibiao data check`, `stats` and `split` on the data that ships and on faulty files."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from zhibiao.cli import build_app

DATA = Path(__file__).parents[3] / "data"
TEXT = "全年新增停车位320个，改造老旧小区21个。\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(build_app(), ["data", *map(str, arguments)], env={"COLUMNS": "120"})


def line(id: str, district: str, *, unit: str = "个") -> dict[str, Any]:
    start = TEXT.index(unit)
    spans = {"indicator": [2, 7], "value": [7, 10], "unit": [start, start + len(unit)]}
    record = {"spans": spans, "year": 2031, "kind": "actual", "qualifier": None}
    about = {"id": id, "title": "总结", "publisher": "街道", "district": district, "report_year": 2031}
    return about | {"text": f"{TEXT}{district}各处新增的数目见本年度统计表。", "records": [record]}


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    districts = ["柳溪区", "岚城区", "栖山县", "云麓区", "柳溪区"]
    lines = [line(f"r{number}", district) for number, district in enumerate(districts)]
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in lines), encoding="utf-8")
    return path


@pytest.mark.slow
def test_the_data_that_ships_has_no_error() -> None:
    result = run("check", DATA, "--json")
    found = json.loads(result.stdout)
    assert [one for one in found["findings"] if one["severity"] == "error"] == []
    assert result.exit_code == 0
    assert found["reports"] >= 7


def test_check_prints_a_line_per_finding_and_fails_on_errors(gold: Path) -> None:
    bad = line("bad", "芦洲镇", unit="个，")
    gold.write_text(json.dumps(bad, ensure_ascii=False), encoding="utf-8")
    result = run("check", gold, "--no-rules")
    assert result.exit_code == 3
    assert (
        f"{gold}:1: record 0 [10:12] '个，' error edge: UNIT ends with '，'; move the edge inwards"
        in result.stdout
    )
    assert "1 reports, 1 records: " in result.stderr


def test_warnings_alone_pass_but_not_with_strict(gold: Path) -> None:
    gold.write_text(json.dumps(line("r", "芦洲镇"), ensure_ascii=False), encoding="utf-8")
    assert run("check", gold, "--no-rules").exit_code == 0
    assert run("check", gold, "--no-rules", "--strict").exit_code == 3


def test_the_rules_are_asked_unless_told_not_to(gold: Path) -> None:
    kinds = [
        {one["kind"] for one in json.loads(run("check", gold, "--json", *options).stdout)["findings"]}
        for options in ((), ("--no-rules",), ("--confidence", "1"))
    ]
    assert "suspect" in kinds[0]
    assert "suspect" not in kinds[1] | kinds[2]


def test_splits_beside_the_gold_are_taken(gold: Path) -> None:
    test = '["岚城区", "栖山县", "云麓区", "柳溪区"]'
    splits = f'group_by = "district"\ntrain = ["柳溪区"]\ndev = []\ntest = {test}\n'
    gold.with_name("splits.toml").write_text(splits, encoding="utf-8")
    result = run("check", gold, "--no-rules")
    assert result.exit_code == 3
    assert (
        "splits.toml: '柳溪区' error split: district 柳溪区 stands 2 times, in train and test"
        in result.stdout
    )
    assert "error leak" in result.stdout


def test_splits_that_cannot_be_read(gold: Path, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('group_by = "district"\ntrain = []\n', encoding="utf-8")
    result = run("check", gold, "--splits", tmp_path / "s.toml")
    assert result.exit_code == 2
    assert "['dev', 'test'] is missing or unknown" in result.stderr


def test_data_that_is_not_there() -> None:
    result = run("check", "nowhere.jsonl")
    assert result.exit_code == 3
    assert "nowhere.jsonl: no such file" in result.stderr


def test_an_empty_file_is_no_data(gold: Path) -> None:
    gold.write_text("\n", encoding="utf-8")
    result = run("check", gold)
    assert result.exit_code == 3
    assert "no report to check" in result.stderr


def test_stats_prints_tables_and_draws_a_picture(gold: Path, tmp_path: Path) -> None:
    result = run("stats", gold, "-o", tmp_path / "stats.svg")
    assert result.exit_code == 0
    assert "│ 岚城区" in result.stdout
    picture = ElementTree.parse(tmp_path / "stats.svg")
    texts = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"INDICATOR", "岚城区", "栖山县"} <= set(texts)


def test_stats_as_json(gold: Path) -> None:
    found = json.loads(run("stats", gold, "--json").stdout)
    assert found["all"]["records"] == 5
    assert found["districts"]["柳溪区"]["reports"] == 2
    assert found["labels"]["VALUE"]["lengths"]["3"] == 5
    assert found["year_minus_report_year"] == {"0": 5}
    assert found["kinds"] == {"actual": 5}


def test_split_draws_whole_districts(gold: Path, tmp_path: Path) -> None:
    result = run(
        "split", gold, "--by", "district", "--dev", 1, "--test", 1, "--seed", 7, "-o", tmp_path / "s.toml"
    )
    assert result.exit_code == 0
    splits = tomllib.loads((tmp_path / "s.toml").read_text("utf-8"))
    assert splits["group_by"] == "district"
    assert (len(splits["dev"]), len(splits["test"]), len(splits["train"])) == (1, 1, 2)
    assert {*splits["train"], *splits["dev"], *splits["test"]} == {"柳溪区", "岚城区", "栖山县", "云麓区"}
    again = run("split", gold, "--dev", 1, "--test", 1, "--seed", 7, "-o", tmp_path / "t.toml")
    assert again.exit_code == 0
    assert (tmp_path / "t.toml").read_bytes() == (tmp_path / "s.toml").read_bytes()


def test_split_leaves_something_to_train_on(gold: Path, tmp_path: Path) -> None:
    result = run("split", gold, "--dev", 2, "--test", 2, "-o", tmp_path / "s.toml")
    assert result.exit_code == 2
    assert "4 groups by district" in result.stderr
    assert not (tmp_path / "s.toml").exists()
