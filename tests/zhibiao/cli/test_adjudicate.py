"""`zhibiao annotate agree` and `adjudicate`, file to file; questions are answered in a real terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from zhibiao.cli import build_app

TEXT = "全年新增停车位320个，改造老旧小区21个。走访企业80余次。\n"


def record(**slots: str) -> dict[str, Any]:
    spans, after = {}, 0
    for slot, quote in slots.items():
        start = TEXT.index(quote, after)
        spans[slot], after = [start, start + len(quote)], start + len(quote)
    return {"spans": spans, "year": 2031, "kind": "actual", "qualifier": None}


PARKING = record(indicator="新增停车位", value="320", unit="个")
HOUSES = record(indicator="改造老旧小区", value="21", unit="个")
SHORT = record(indicator="老旧小区", value="21", unit="个")
VISITS = record(indicator="走访企业", value="80", unit="次") | {"qualifier": "余"}


def line(*records: dict[str, Any], id: str = "lake") -> str:
    about = {"id": id, "title": "总结", "publisher": "柳溪街道", "district": "柳溪区", "report_year": 2031}
    return json.dumps(about | {"text": TEXT, "records": records}, ensure_ascii=False) + "\n"


@pytest.fixture(autouse=True)
def passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text(line(PARKING, HOUSES, VISITS), encoding="utf-8")
    Path("b.jsonl").write_text(line(PARKING, SHORT), encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build_app(), ["annotate", *arguments], env={"COLUMNS": "120"})


def in_terminal(answers: str) -> str:
    """Runs the command with a terminal as stdin and types the answers; gives what it printed."""
    master, slave = pty.openpty()
    code = "from zhibiao.cli import main; main()"
    command = [sys.executable, "-c", code, "annotate", "adjudicate", "a.jsonl", "b.jsonl"]
    process = subprocess.Popen(
        [*command, "-o", "gold.jsonl", "--by", "lin"],
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
    )
    os.write(master, answers.encode())
    printed, _ = process.communicate(timeout=60)
    os.close(master)
    os.close(slave)
    return f"{printed.decode()}\nexit {process.returncode}"


def records(path: str = "gold.jsonl") -> list[Any]:
    return list(json.loads(Path(path).read_text("utf-8"))["records"])


@pytest.mark.slow
def test_a_person_decides_stops_and_goes_on() -> None:
    first = in_terminal("b\nquit\n")
    assert "{I:改造老旧小区}{V:21}{U:个}" in first
    assert "1 disputes are open (lake 1)" in first
    assert first.endswith("exit 3")
    assert not Path("gold.jsonl").exists()
    second = in_terminal("a\n")
    assert "1 of 1 open" in second
    assert "2 disputes decided by lin (1 a, 1 b)" in second
    assert second.endswith("exit 0")
    assert records() == [PARKING, SHORT, VISITS]
    kept = [json.loads(one) for one in Path("gold.decisions.jsonl").read_text("utf-8").splitlines()]
    assert [(one["by"], one["choice"]) for one in kept] == [("lin", "b"), ("lin", "a")]
    assert all(one["at"].startswith(time.strftime("%Y-", time.gmtime())) for one in kept)

    replayed = run(
        "adjudicate", "a.jsonl", "b.jsonl", "-o", "again.jsonl", "--decisions", "gold.decisions.jsonl"
    )
    assert replayed.exit_code == 0
    assert Path("again.jsonl").read_bytes() == Path("gold.jsonl").read_bytes()


def decided(*choices: tuple[dict[str, Any] | None, dict[str, Any] | None, str]) -> None:
    lines = []
    for a, b, choice in choices:
        chosen = {"a": [a], "b": [b], "both": [a, b], "neither": []}[choice]
        kept = [one for one in chosen if one]
        body = {"report": "lake", "a": a, "b": b, "choice": choice, "records": kept, "by": "mo", "at": "2032"}
        lines.append(json.dumps(body, ensure_ascii=False))
    Path("d.jsonl").write_text("\n".join(lines), encoding="utf-8")


def test_nobody_to_ask_is_an_error_that_counts_what_is_open() -> None:
    result = run("adjudicate", "a.jsonl", "b.jsonl", "-o", "gold.jsonl")
    assert result.exit_code == 3
    assert "2 disputes are open (lake 2)" in result.stderr
    assert not Path("gold.jsonl").exists()


def test_what_a_replay_leaves_open_is_counted() -> None:
    decided((HOUSES, SHORT, "a"))
    result = run("adjudicate", "a.jsonl", "b.jsonl", "-o", "gold.jsonl", "--decisions", "d.jsonl")
    assert result.exit_code == 3
    assert "1 disputes are open (lake 1)" in result.stderr


def test_a_file_of_decisions_that_is_not_there() -> None:
    result = run("adjudicate", "a.jsonl", "b.jsonl", "-o", "gold.jsonl", "--decisions", "none.jsonl")
    assert result.exit_code == 3
    assert "none.jsonl: cannot be read" in result.stderr


def test_decisions_that_nothing_asks_for_are_named() -> None:
    decided((HOUSES, SHORT, "a"), (VISITS, None, "a"), (PARKING, SHORT, "b"))
    result = run("adjudicate", "a.jsonl", "b.jsonl", "-o", "gold.jsonl", "--decisions", "d.jsonl")
    assert result.exit_code == 0
    assert "have changed since" in result.stderr
    assert records() == [PARKING, HOUSES, VISITS]


def test_spans_that_clash_in_the_gold_are_named() -> None:
    decided((HOUSES, SHORT, "both"), (VISITS, None, "a"))
    result = run("adjudicate", "a.jsonl", "b.jsonl", "-o", "gold.jsonl", "--decisions", "d.jsonl")
    assert result.exit_code == 3
    assert "error overlap: INDICATOR shares characters with INDICATOR '改造老旧小区'" in result.stderr


def test_a_report_of_one_alone_is_refused() -> None:
    Path("a.jsonl").write_text(line(PARKING) + line(PARKING, id="hill"), encoding="utf-8")
    result = run("adjudicate", "a.jsonl", "b.jsonl", "-o", "gold.jsonl")
    assert result.exit_code == 3
    assert "only a.jsonl holds hill" in result.stderr
    assert not Path("gold.jsonl").exists()


def test_agree_prints_tables_and_writes_the_page() -> None:
    result = run("agree", "a.jsonl", "b.jsonl", "-o", "page.html", "--lang", "en")
    assert result.exit_code == 0
    assert "│ lake" in result.stdout
    assert "0.400" in result.stdout  # one of three and two records alike
    page = Path("page.html").read_text("utf-8")
    assert "Disagreements A / B" in page
    assert "only A: 走访企业" in page


def test_agree_as_json() -> None:
    figures = json.loads(run("agree", "a.jsonl", "b.jsonl", "--json").stdout)
    assert figures["all"]["strict"] == {"a": 3, "b": 2, "both": 1, "f1": 0.4}
    assert figures["all"]["relaxed"]["both"] == 2
    assert len(figures["reports"]["lake"]["disagreements"]) == 2


def test_agree_names_reports_of_one_alone() -> None:
    Path("a.jsonl").write_text(line(PARKING) + line(PARKING, id="hill"), encoding="utf-8")
    result = run("agree", "a.jsonl", "b.jsonl")
    assert result.exit_code == 3
    assert "only a.jsonl holds hill" in result.stderr
    assert "│ lake" in result.stdout
