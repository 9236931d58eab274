"""The coverage script counts what it says it counts, on a fictional report."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "catalogue_coverage.py"
TEXT = "全县地区生产总值80亿元，苔石集团产值3亿元，新建廊桥5座，城镇化率61%。"


def spans(*slots: tuple[str, str]) -> dict[str, object]:
    return {"spans": {slot: [TEXT.index(quote), TEXT.index(quote) + len(quote)] for slot, quote in slots}}


Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def script(gold: Path, *options: str) -> str:
        monkeypatch.setattr("sys.argv", ["catalogue_coverage.py", str(gold), *options])
        runpy.run_path(str(SCRIPT), run_name="__main__")
        return capsys.readouterr().out

    return script


def test_it_counts_economic_records_and_shows_texts_only_when_asked(tmp_path: Path, run: Run) -> None:
    records = [
        spans(("indicator", "地区生产总值"), ("unit", "亿元")),
        spans(("indicator", "苔石集团产值"), ("unit", "亿元")),
        spans(("indicator", "新建廊桥"), ("unit", "座")),
        spans(("indicator", "城镇化率"), ("unit", "%")),
    ]
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "b.txt").write_text(TEXT, encoding="utf-8")
    reports = [
        {"id": "a", "text": TEXT, "records": records},
        {"id": "b", "file": "b.txt", "records": records[:1]},
    ]
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(json.dumps(report) for report in reports), encoding="utf-8")
    assert run(gold, "--quiet") == "gold.jsonl: economic 2/3 = 66.7 %; all 3/5 = 60.0 %\n"
    assert run(gold, "--quiet", "--half", "b") == "gold.jsonl: economic 1/1 = 100.0 %; all 1/1 = 100.0 %\n"
    assert "苔石集团产值" in run(gold)
