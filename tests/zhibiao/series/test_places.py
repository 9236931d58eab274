"""Records come place by place, whatever the order of the files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from zhibiao.errors import DataError
from zhibiao.series import Place, RecordFiles


def test_records_of_several_files_are_put_together_by_place(extract, record_file) -> None:
    (first, *_) = extract(2030, "全市实现地区生产总值800.5亿元。")
    (second, *_) = extract(2031, "全市实现地区生产总值850.5亿元。")
    elsewhere = replace(first, district="云汐区", report_id="yunxi")
    later = record_file([second, elsewhere], name="b.jsonl")
    groups = list(RecordFiles([later, record_file([first], name="a.jsonl")]))
    assert [group.place for group in groups] == [Place("云汐区", "岚屿市"), Place("岚屿市", "岚屿市")]
    assert [record.report_year for record in groups[1].records] == [2030, 2031]


def test_a_line_given_twice_counts_once(extract, record_file) -> None:
    path = record_file(extract(2030, "全市实现地区生产总值800.5亿元。"))
    files = RecordFiles([path, path])
    assert [len(group.records) for group in files] == [1]
    assert (files.n_records, files.n_repeated) == (1, 1)


def test_a_report_that_names_no_city_joins_its_district(extract, record_file) -> None:
    (record, *_) = extract(2030, "全市实现地区生产总值800.5亿元。")
    bare = replace(record, city=None, report_id="other")
    assert len(list(RecordFiles([record_file([bare, record])]))) == 1
    twin = replace(record, city="别市", report_id="third")
    assert len(list(RecordFiles([record_file([bare, record, twin])]))) == 3


def test_a_report_without_district_stands_alone(extract, record_file) -> None:
    (record, *_) = extract(2030, "全市实现地区生产总值800.5亿元。")
    nameless = replace(record, district=None, city=None, publisher=None)
    (group,) = RecordFiles([record_file([nameless])])
    assert group.place == Place(record.report_id, named=False)


def test_a_wrong_line_and_a_missing_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('\n{"a": 1}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"records\.jsonl:2"):
        RecordFiles([path])
    with pytest.raises(DataError, match="zhibiao extract"):
        RecordFiles([tmp_path / "none.jsonl"])
