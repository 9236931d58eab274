"""What several rooms' tests share: records of fictional reports, extracted by the rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import zhibiao
from zhibiao.schema import Record

REPORT = """岚屿市{next}年政府工作报告

一、{year}年工作回顾
{review}

二、{next}年工作安排
{plan}
"""
SIDECAR = 'district = "岚屿市"\ncity = "岚屿市"\nreport_year = {year}\n'


@pytest.fixture
def extract(tmp_path: Path) -> Callable[..., list[Record]]:
    """The records of a report of 岚屿市 that reviews `year`; `review` and `plan` are a paragraph each."""

    def run(year: int, review: str, plan: str = "") -> list[Record]:
        path = tmp_path / f"lanyu-{year}.txt"
        path.write_text(REPORT.format(year=year, next=year + 1, review=review, plan=plan), encoding="utf-8")
        path.with_suffix(".toml").write_text(SIDECAR.format(year=year), encoding="utf-8")
        return list(zhibiao.extract([zhibiao.read(path)], zhibiao.load_predictor("rules")))

    return run
