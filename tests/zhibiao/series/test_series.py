"""Rows, which statement they show, and what becomes of the others."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from zhibiao.errors import ConfigError
from zhibiao.schema import Kind
from zhibiao.series import RecordFiles, Series
from zhibiao.series.plot import render_plots
from zhibiao.series.writing import check_output, conflicts_path, write_conflicts, write_series

GDP_2030 = "全市实现地区生产总值800.5亿元，增长6.1%。城镇新增就业3.2万人。"


def rows_of(run: Series, code: str) -> dict[tuple[int, Kind], str]:
    return {
        (row.spell.year, row.kind): row.value.chosen.record.value_text
        for row in run
        if row.code == code and row.value
    }


def test_a_row_for_each_year_and_kind(extract, record_file) -> None:
    first = extract(2030, GDP_2030, "地区生产总值达到860亿元。")
    second = extract(2031, "全市实现地区生产总值850.5亿元。")
    run = Series(RecordFiles([record_file(first, second)]))
    assert rows_of(run, "gdp") == {
        (2030, Kind.ACTUAL): "800.5",
        (2031, Kind.ACTUAL): "850.5",
        (2031, Kind.TARGET): "860",
    }


def test_the_report_of_the_year_itself_is_shown_and_the_other_is_a_conflict(extract, record_file) -> None:
    first = extract(2030, GDP_2030)
    second = extract(2031, "2030年，全市实现地区生产总值806.9亿元。")
    (row,) = [row for row in Series(RecordFiles([record_file(second, first)])) if row.code == "gdp"]
    assert row.value is not None
    assert row.value.chosen.record.report_year == 2030
    assert [each.record.value_text for each in row.value.conflicting] == ["806.9"]
    assert row.conflicts == 1


def test_an_exact_figure_is_shown_before_a_bound_and_they_agree(extract, record_file) -> None:
    report = extract(2030, "全市地区生产总值突破800亿元。全市实现地区生产总值803.5亿元。")
    (row,) = [row for row in Series(RecordFiles([record_file(report)])) if row.code == "gdp"]
    assert row.value is not None
    assert (row.value.chosen.record.value_text, row.conflicts) == ("803.5", 0)
    assert len(row.value.agreeing) == 1


def test_what_is_left_out_is_counted(extract, record_file) -> None:
    report = extract(2030, "新建口袋公园12个。城镇化率由61.2%提高到63.5%。")
    run = Series(RecordFiles([record_file(report)]))
    (row,) = list(run)
    assert row.record.value_text == "63.5"
    assert run.left_out["no_code"] == sum(record.indicator_code is None for record in report) > 0
    assert run.left_out["caveat"] == 1


@pytest.mark.parametrize("name", ["series.csv", "series.parquet"])
def test_both_formats_hold_the_same(extract, record_file, tmp_path: Path, name: str) -> None:
    rows = list(Series(RecordFiles([record_file(extract(2030, GDP_2030, "地区生产总值增长6%左右。"))])))
    path = tmp_path / name
    write_series(path, rows)
    if name.endswith(".csv"):
        lines = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    else:
        lines = pq.read_table(path).to_pylist()
    reached = next(line for line in lines if line["indicator_code"] == "gdp" and line["kind"] == "actual")
    assert (Decimal(reached["value"]), reached["unit"]) == (Decimal("80050000000"), "元")
    assert (Decimal(reached["growth_rate"]), reached["indicator_name"]) == (Decimal("6.1"), "地区生产总值")
    assert reached["value_report_id"] == "lanyu-2030"
    assert int(reached["value_offset_end"]) - int(reached["value_offset_start"]) == len("800.5")
    assert len(lines) == len(rows) == 3


def test_what_speaks_against_a_figure_stands_beside_it(extract, record_file, tmp_path: Path) -> None:
    report = (
        extract(2030, "滨港园区挂牌运行，货物进出口总额12.6亿元。"),
        extract(2031, "货物进出口总额80.5亿元。"),
    )
    rows = list(Series(RecordFiles([record_file(*report)])))
    write_series(tmp_path / "series.csv", rows)
    lines = list(csv.DictReader((tmp_path / "series.csv").read_text("utf-8-sig").splitlines()))
    assert [line["value_caveats"] for line in lines] == ["part", ""]
    assert "<figure" not in render_plots(rows)


def test_conflicts_are_listed(extract, record_file, tmp_path: Path) -> None:
    reports = extract(2030, GDP_2030), extract(2031, "2030年，全市实现地区生产总值806.9亿元。")
    rows = list(Series(RecordFiles([record_file(*reports)])))
    path = conflicts_path(tmp_path / "series.parquet")
    assert path.name == "series.conflicts.csv"
    assert write_conflicts(path, rows) == 1
    (line,) = csv.DictReader(path.read_text("utf-8-sig").splitlines())
    assert (line["shown"], line["stated"], line["report_id"]) == ("800.5亿元", "806.9亿元", "lanyu-2031")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"\.parquet"):
        check_output(Path("series.docx"))


def test_plots_escape_names_and_mark_targets(extract, record_file) -> None:
    reports = (
        extract(2030, GDP_2030, "地区生产总值达到860亿元。"),
        extract(2031, "全市实现地区生产总值850.5亿元。"),
    )
    page = render_plots(list(Series(RecordFiles([record_file(*reports)]))))
    assert page.count("<figure") == 1
    assert page.count('class="actual"') == 2
    assert page.count('class="target"') == 1
    assert "http://" not in page and "https://" not in page
    assert "没有含两年以上数据的序列" in render_plots([])
