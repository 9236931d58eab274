"""Files of records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from zhibiao.jsonl import write_records
from zhibiao.schema import Record


@pytest.fixture
def record_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes lists of records into one file."""

    def write(*reports: list[Record], name: str = "records.jsonl") -> Path:
        path = tmp_path / name
        write_records(path, [record for report in reports for record in report])
        return path

    return write
