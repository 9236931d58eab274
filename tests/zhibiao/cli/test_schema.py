"""`zhibiao schema` prints a schema that real records keep to."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
from typer.testing import CliRunner

from zhibiao.cli import build_app


def test_extracted_records_keep_to_the_printed_schema(tmp_path: Path) -> None:
    schema = json.loads(CliRunner().invoke(build_app(), ["schema"]).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    (tmp_path / "a.txt").write_text("2023年，街道实现财政总收入12.5亿元，同比增长8.3%，新建公园超10个。\n")
    output = tmp_path / "records.jsonl"
    arguments = ["extract", str(tmp_path / "a.txt"), "-o", str(output), "--method", "rules"]
    assert CliRunner().invoke(build_app(), arguments).exit_code == 0
    records = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert len(records) >= 2
    validator = jsonschema.Draft202012Validator(schema)
    for record in records:
        validator.validate(record)
    broken = {**records[0], "year": "2023"}
    assert not validator.is_valid(broken)
