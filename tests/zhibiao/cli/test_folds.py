"""Leave one out with real models: each fold is trained without its district, once, and scored on it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from training.provenance import read_provenance
from zhibiao.cli import build_app
from zhibiao.cli import evaluate as command
from zhibiao.cli.app import ExitCode

pytestmark = pytest.mark.slow

TEXT = "全年新增停车位{}个，改造老旧小区21处。"
PLACES = ("云麓区", "岚城区", "棠湾区")


def line(number: int, district: str) -> str:
    records = [
        {
            "spans": {"indicator": [2, 7], "value": [7, 10], "unit": [10, 11], "year": [0, 2]},
            "year": 2023,
            "kind": "actual",
        }
    ]
    about = {"id": f"r{number}", "title": "总结", "publisher": f"{district}人民政府", "district": district}
    text = TEXT.format(300 + number) + "".join(f"{district}第{n}项工作扎实推进。" for n in range(40))
    return json.dumps(about | {"report_year": 2023, "text": text, "records": records}, ensure_ascii=False)


@pytest.fixture
def config(tmp_path: Path, tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(command, "FOLDS", tmp_path / "folds")
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(line(n, place) for n, place in enumerate(PLACES)), encoding="utf-8")
    path = tmp_path / "config.toml"
    path.write_text(
        f'[data]\ngold = ["{gold}"]\n[encoder]\nsource = "{tiny_encoder}"\n'
        '[schedule]\nepochs = 1\n[run]\nprecision = "fp32"\nthreads = 1\n',
        encoding="utf-8",
    )
    return path


def run(config: Path, *options: str) -> tuple[int, str, str]:
    arguments = ["evaluate", "--data", str(config.parent / "gold.jsonl"), "--leave-one-out", "district"]
    result = CliRunner().invoke(build_app(), [*arguments, "--config", str(config), "--json", *options])
    return result.exit_code, result.stdout, result.stderr


def test_every_fold_is_trained_once_without_its_district(config: Path, tmp_path: Path) -> None:
    code, told, complaints = run(config)
    assert code == 0, complaints
    figures = json.loads(told)
    assert set(figures["groups"]) == set(PLACES)
    assert figures["all"]["strict"]["gold"] == 3
    assert figures["run"]["seen"] == [{"what": "seen_folds"}]
    assert str(config) in figures["run"]["data"]
    folders = sorted((tmp_path / "folds").iterdir())
    seen = [{report.district for report, _ in read_provenance(one / "model").reports()} for one in folders]
    assert sorted(map(sorted, seen)) == sorted(sorted(set(PLACES) - {place}) for place in PLACES)
    weights = {file: file.stat().st_mtime_ns for one in folders for file in (one / "model").iterdir()}
    code, again, _ = run(config)
    assert code == 0
    assert {file: file.stat().st_mtime_ns for file in weights} == weights, "trained twice"
    assert json.loads(again)["all"] == figures["all"]


def test_a_config_that_groups_otherwise_is_refused(config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("[data]\n", '[data]\ngroup = "publisher"\n'), encoding="utf-8")
    code, _, complaints = run(config)
    assert code == ExitCode.USAGE
    assert "data.group is 'publisher', but --leave-one-out district" in complaints
