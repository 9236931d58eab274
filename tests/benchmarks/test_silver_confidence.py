"""The script that fits the confidence of silver: what it prints and what it writes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from annotation.inline import parse
from annotation.silver import read_calibration
from annotation.silver.sentences import Case
from benchmarks import silver_confidence
from zhibiao.jsonl import write_gold

FRONT = (
    '+++\nid = "r{n}"\ntitle = "甲镇{n}"\npublisher = "甲镇"\ndistrict = "乙县"\nreport_year = 2023\n+++\n'
)
BODY = (
    "{{I:新增泊位}}{{V:{n}1}}{{U:个}}。修补{{V:{n}}}{{U:处}}{{I:路面}}。文号为{n}7号文件。"
    "{{I:改造街巷}}{{V:{n}5}}{{U:条}}，{{I:惠及居民}}{{V:{n}2}}{{U:万户}}。山清水秀。\n"
)


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    write_gold(path, [parse((FRONT + BODY).format(n=n), f"r{n}.md") for n in range(1, 7)])
    return path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["silver_confidence", *map(str, arguments)])
    silver_confidence.main()


def counts(lines: list[str]) -> dict[str, int]:
    return {words[0]: int(words[1]) for line in lines if (words := line.split()) and words[0] in list(Case)}


def test_all_of_the_data_is_judged(
    gold: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "--data", gold)
    assert counts(capsys.readouterr().out.splitlines()) == {"records": 18, "silent": 6, "plain": 6}


def test_a_half_is_every_second_report_and_the_check_is_the_other(
    gold: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "--data", gold, "--even-half", gold, "--check-odd-half", gold)
    fitted, checked = capsys.readouterr().out.split("on the other half:")
    assert counts(fitted.splitlines())["records"] == 18 + 9
    assert counts(checked.splitlines())["records"] == 9


def test_the_weights_are_written_with_the_command_and_its_figures(
    gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "confidence.toml"
    monkeypatch.setattr(silver_confidence, "TOML", path)
    run(monkeypatch, "--data", gold, "--write")
    head = path.read_text("utf-8").split("\n\n[")[0]
    assert f"python -m benchmarks.silver_confidence --data {gold} --write" in head
    assert all(line.strip() in head for line in capsys.readouterr().out.splitlines())
    assert set(read_calibration(path).logistics) == set(Case)


def test_nothing_to_fit_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(monkeypatch)
    assert "name some with --data" in capsys.readouterr().err
