"""Records of little confidence: out of the outputs, into their list, and all of them counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inference.sieve import Sieve
from zhibiao.cli import build_app
from zhibiao.errors import ConfigError
from zhibiao.schema import GoldReport

LINES = [json.dumps({"confidence": sure}).encode() for sure in (0.95, 0.5, None, 0.49, 1.0)]


@pytest.mark.parametrize("least", [0.0, 0.5, 0.95, 1.0])
def test_every_record_is_on_one_side(least: float) -> None:
    sieve = Sieve(least)
    passed, held = list(sieve.passed(LINES)), list(sieve.held_back(LINES))
    assert sorted(passed + held) == sorted(LINES)
    assert all(json.loads(line)["confidence"] < least for line in held)
    assert all((json.loads(line)["confidence"] or 1) >= least for line in passed)


def test_impossible_sieves_are_refused() -> None:
    with pytest.raises(ConfigError, match="between 0 and 1"):
        Sieve(50)
    with pytest.raises(ConfigError, match="give --min-confidence too"):
        Sieve(below=Path("low.jsonl"))


def extract(report: Path, output: Path, *options: object) -> dict[str, dict[str, int]]:
    """Runs `zhibiao extract`, gives its summary."""
    arguments = ["extract", report, "-o", output, "--quiet", "--json", "--workers", 1, *options]
    done = CliRunner().invoke(build_app(), list(map(str, arguments)))
    assert done.exit_code == 0, done.output
    summary: dict[str, dict[str, int]] = json.loads(done.stdout)
    return summary


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


@pytest.mark.slow
def test_extract_loses_none(tagger: Path, tagger_gold: list[GoldReport], tmp_path: Path) -> None:
    report = tmp_path / "shisunwan-2019.txt"
    report.write_text(tagger_gold[0].document.text, "utf-8")
    extract(report, tmp_path / "all.jsonl", "--model", tagger)
    everything = lines(tmp_path / "all.jsonl")
    middle = sorted(json.loads(line)["confidence"] for line in everything)[len(everything) // 2]
    low, high = tmp_path / "low.jsonl", tmp_path / "high.jsonl"
    summary = extract(report, high, "--model", tagger, "--min-confidence", middle, "--low-confidence", low)
    assert sorted(lines(high) + lines(low)) == sorted(everything)
    assert summary["records"]["held_back"] == len(lines(low)) > 0
    assert summary["records"]["all"] == len(everything)


def test_rules_have_no_doubts_and_no_links_to_choose(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("全年实现财政总收入12.5亿元，同比增长8.3%。\n", "utf-8")
    summary = extract(report, tmp_path / "r.jsonl", "--method", "rules", "--min-confidence", 0.9)
    assert summary["records"]["held_back"] == 0
    assert len(lines(tmp_path / "r.jsonl")) == 1
    options = ["extract", str(report), "-o", str(tmp_path / "r.jsonl"), "--method", "rules", "--rule-links"]
    refused = CliRunner().invoke(build_app(), options)
    assert refused.exit_code == 2
    assert "are for models" in refused.output
