"""`zhibiao read`: what was found, and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from zhibiao.cli import build_app

REPORT = """苇塘街道2023年工作总结和2024年工作思路
一、2023年工作总结
全年新建口袋公园3个。
（一）经济平稳向好
财政总收入12.5亿元。
二、2024年工作思路
新建停车泊位500个。
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "weitang.txt"
    path.write_bytes(REPORT.encode("gb18030"))
    return path


def read(*arguments: object) -> Result:
    return CliRunner().invoke(build_app(), ["read", *map(str, arguments)])


def test_findings_are_told_with_their_place(path: Path) -> None:
    lines = read(path).stdout.splitlines()
    assert lines[0].startswith(f"weitang  ({len(REPORT)} characters")
    assert any("encoding: gb18030" in line for line in lines)
    (title,) = (line for line in lines if line.startswith("  title: "))
    assert "苇塘街道2023年工作总结和2024年工作思路" in title
    assert "line 1, offsets 0-" in title
    (year,) = (line for line in lines if line.startswith("  report_year: "))
    assert year.startswith("  report_year: 2023  [")
    assert any(line.startswith("  not found: ") and "district" in line for line in lines)


def test_sections_are_told_as_a_tree_with_role_and_year(path: Path) -> None:
    lines = read(path).stdout.splitlines()
    headings = [
        line for line in lines if "offsets" in line and ("一、" in line or "（一）" in line or "二、" in line)
    ]
    assert [line[: len(line) - len(line.lstrip())] for line in headings] == ["  ", "    ", "  "]
    assert "[review, 2023," in headings[0]
    assert "[plan, 2024," in headings[2]


def test_options_win_and_are_told_as_such(path: Path) -> None:
    stdout = read(path, "--district", "柳溪区", "--report-year", 2021).stdout
    assert "  district: 柳溪区  [option]" in stdout
    assert "  report_year: 2021  [option]" in stdout


def test_the_text_is_what_offsets_count_in(path: Path) -> None:
    assert read(path, "--text").stdout == REPORT


def test_a_report_cannot_command_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_text("一、\x1b[31m工作总结\u202e\n全年新建口袋公园3个。\n")
    stdout = read(path).stdout
    assert "\x1b" not in stdout
    assert "\\x1b[31m工作总结\\u202e" in stdout


def test_json_holds_everything(path: Path) -> None:
    found = json.loads(read(path, "--json").stdout)
    assert found["text"] == REPORT
    assert found["source"]["encoding"] == "gb18030"
    start, end = found["metadata"]["findings"]["title"]["offsets"]
    assert REPORT[start:end] == found["metadata"]["title"]
    assert len(found["sections"]) >= 3


def test_a_bad_file_is_exit_code_3_without_traceback(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    for name in ("empty.txt", "missing.txt"):
        result = read(tmp_path / name)
        assert result.exit_code == 3
        assert result.stderr.startswith(f"error: {tmp_path / name}: ")
        assert "Traceback" not in result.stderr


def test_a_bad_sidecar_is_told(path: Path) -> None:
    path.with_suffix(".toml").write_text('colour = "red"')
    result = read(path)
    assert result.exit_code == 2
    assert "colour" in result.stderr
