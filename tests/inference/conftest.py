"""A short fictional report, and `zhibiao extract` as the user runs it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhibiao.cli import build_app

REPORT = """苇塘街道2023年工作总结和2024年工作思路
一、2023年工作总结
2023年，街道实现财政总收入12.5亿元，同比增长8.3%。
全年新建口袋公园3个，改造老旧小区14个。
二、2024年工作思路
力争财政总收入增长6%，新建停车泊位500个。
"""


@dataclass(frozen=True)
class Run:
    """What a run of `zhibiao extract` left behind."""

    code: int
    stdout: str
    stderr: str
    output: Path

    @property
    def records(self) -> list[dict]:
        return [json.loads(line) for line in self.output.read_bytes().splitlines()]

    @property
    def documents(self) -> list[dict]:
        connection = sqlite3.connect(f"{self.output}.manifest")
        connection.row_factory = sqlite3.Row
        try:
            rows = connection.execute("SELECT * FROM documents ORDER BY position").fetchall()
        finally:
            connection.close()
        return [dict(row) for row in rows]

    @property
    def by_name(self) -> dict[str, dict]:
        return {Path(row["path"]).name: row for row in self.documents}


@pytest.fixture
def report() -> str:
    return REPORT


@pytest.fixture
def extract(tmp_path: Path) -> Callable[..., Run]:
    """Runs `zhibiao extract INPUTS -o out/records.jsonl`; options are further arguments."""

    def run(*arguments: object, output: Path | None = None) -> Run:
        target = output or tmp_path / "out" / "records.jsonl"
        command = ["extract", "-o", str(target), "--method", "rules", *map(str, arguments)]
        result = CliRunner().invoke(build_app(), command)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Run(result.exit_code, result.stdout, result.stderr, target)

    return run
