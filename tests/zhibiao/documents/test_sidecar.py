"""Sidecars: who wins, and mistakes that are named with file and line."""

import os
from pathlib import Path

import pytest

from zhibiao.documents import read
from zhibiao.documents.sidecar import find_sidecar
from zhibiao.errors import ConfigError, ReadError

REPORT = "云溪镇2023年工作总结\n一、2023年工作回顾\n全年完成固定资产投资12.6亿元。\n"
FULL = """
id = "yunxi-2023"
title = "云溪镇2023年工作总结"
publisher = "云溪镇人民政府"
district = "临江区"
city = "东川市"
report_year = 2023
plan_year = 2024
sitting_year = 2024
index_number = "LJ001/2024-00012"
published = 2024-01-12
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def beside(report: Path, name: str, content: str | bytes) -> None:
    data = content.encode() if isinstance(content, str) else content
    (report.parent / name).write_bytes(data)


def test_every_key_is_taken_with_its_origin(report: Path) -> None:
    beside(report, "report.toml", FULL)
    document = read(report)
    metadata = document.metadata
    assert document.id == "yunxi-2023"
    assert (metadata.publisher, metadata.district, metadata.city) == ("云溪镇人民政府", "临江区", "东川市")
    assert (metadata.report_year, metadata.plan_year, metadata.sitting_year) == (2023, 2024, 2024)
    assert (metadata.index_number, metadata.published) == ("LJ001/2024-00012", "2024-01-12")
    assert metadata.findings["district"].source == "sidecar:report.toml"


def test_no_sidecar_is_no_finding(report: Path) -> None:
    beside(report, "other.toml", "nonsense = 1")
    assert find_sidecar(report).findings == {}
    assert read(report).id == "report"


def test_options_beat_the_own_file_beats_the_folder_beats_page_and_text(report: Path) -> None:
    page = report.with_suffix(".html")
    page.write_text(
        '<html><head><meta name="ArticleTitle" content="页上的工作总结">'
        '<meta name="PubDate" content="2024-03-01">'
        f"</head><body><p>{REPORT}</p></body></html>",
        encoding="utf-8",
    )
    beside(report, "report.toml", 'district = "甲区"\ntitle = "自己的"\ncity = "甲市"')
    beside(
        report, "metadata.toml", '["report.html"]\ndistrict = "乙区"\nplan_year = 2031\nindex_number = "T1"'
    )
    beside(report, "metadata.csv", "file,index_number,sitting_year,publisher\nreport.html,C1,2032,\n")
    metadata = read(page, overrides={"city": "丙市"}).metadata
    found = {key: (each.value, each.source) for key, each in metadata.findings.items()}
    assert found["city"] == ("丙市", "option")
    assert found["title"] == ("自己的", "sidecar:report.toml")
    assert found["district"] == ("甲区", "sidecar:report.toml")
    assert found["plan_year"] == (2031, "sidecar:metadata.toml")
    assert found["index_number"] == ("T1", "sidecar:metadata.toml")
    assert found["sitting_year"] == (2032, "sidecar:metadata.csv")
    assert found["published"] == ("2024-03-01", "html:meta PubDate")
    assert "publisher" not in found or found["publisher"][1] != "sidecar:metadata.csv"


def test_the_option_id_wins(report: Path) -> None:
    beside(report, "report.toml", FULL)
    assert read(report, id="x").id == "x"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_as_spreadsheets_save_it(report: Path, encoding: str) -> None:
    rows = "file,title,district,report_year,id\r\nother.txt,别的工作报告,甲区,2020,\r\n"
    rows += 'report.txt,"工作,总结",临江区,2023,r1\r\n'
    beside(report, "metadata.csv", rows.encode(encoding))
    sidecar = find_sidecar(report)
    assert sidecar.id == "r1"
    values = {key: each.value for key, each in sidecar.findings.items()}
    assert values == {"title": "工作,总结", "district": "临江区", "report_year": 2023}


def test_a_changed_folder_file_is_read_again(report: Path) -> None:
    beside(report, "metadata.toml", '["report.txt"]\ndistrict = "甲区"')
    assert find_sidecar(report).findings["district"].value == "甲区"
    beside(report, "metadata.toml", '["report.txt"]\ndistrict = "丙区"')
    os.utime(report.parent / "metadata.toml", ns=(1, 1))
    assert find_sidecar(report).findings["district"].value == "丙区"


def test_a_report_called_metadata_is_no_exception(tmp_path: Path) -> None:
    path = tmp_path / "metadata.txt"
    path.write_text(REPORT, encoding="utf-8")
    (tmp_path / "metadata.toml").write_text('["metadata.txt"]\ndistrict = "甲区"', encoding="utf-8")
    assert read(path).metadata.district == "甲区"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "report.toml",
            'title = "甲"\ndistrct = "乙"',
            r"report\.toml:2: unknown key 'distrct'; known are id, title",
        ),
        ("report.toml", '\nreport_year = "2023"', r"report\.toml:2: report_year is '2023'; expected a year"),
        ("report.toml", "report_year = 23", r"report\.toml:1: report_year is 23; expected a year between"),
        ("report.toml", "report_year = true", r"report_year is True"),
        (
            "report.toml",
            'title = "甲"\n\npublished = "12.1.2024"',
            r"report\.toml:3: published is '12\.1\.2024'",
        ),
        ("report.toml", 'published = "2024-02-30"', r"expected a date like 2024-01-31"),
        ("report.toml", 'title = " "', r"title is ' '; expected a text"),
        ("report.toml", "title = 3", r"title is 3; expected a text"),
        ("report.toml", 'id = "a/b"', r"id 'a/b' holds a path separator"),
        ("report.toml", "title = 甲", r"report\.toml: not valid TOML \(.*line 1"),
        ("report.toml", b"title = '\xff\xff'", r"sidecar cannot be read: .*report\.toml"),
        ("metadata.toml", 'title = "甲"', r"metadata\.toml:1: key 'title' stands outside a table"),
        (
            "metadata.toml",
            '["a.txt"]\ntitle = "甲"\n["report.txt"]\ntitel = "乙"',
            r"metadata\.toml:4: unknown key 'titel'",
        ),
        ("metadata.csv", "file,titel\nreport.txt,甲\n", r"metadata\.csv:1: unknown column 'titel'"),
        ("metadata.csv", "title\n甲\n", r"metadata\.csv:1: no column `file`"),
        ("metadata.csv", "file,title,title\nreport.txt,甲,乙\n", r"a column twice"),
        ("metadata.csv", "file,report_year\nreport.txt,今年\n", r"metadata\.csv:2: report_year is '今年'"),
        ("metadata.csv", "file,title\nreport.txt,甲,乙\n", r"metadata\.csv:2: more or fewer cells"),
        ("metadata.csv", "file,title\nreport.txt\n", r"metadata\.csv:2: more or fewer cells"),
        ("metadata.csv", "file,title\n,甲\n", r"metadata\.csv:2: no file name"),
        (
            "metadata.csv",
            "file,title\nreport.txt,甲\nreport.txt,乙\n",
            r"metadata\.csv:3: file report\.txt again",
        ),
        ("metadata.csv", 'file,title\nreport.txt,"甲\n', r"metadata\.csv:\d: not valid CSV"),
    ],
)
def test_mistakes_are_named_with_file_and_line(
    report: Path, name: str, content: str | bytes, message: str
) -> None:
    beside(report, name, content)
    with pytest.raises(ConfigError, match=message):
        read(report)


def test_a_sidecar_does_not_hide_that_the_report_is_missing(tmp_path: Path) -> None:
    (tmp_path / "report.toml").write_text('district = "甲区"', encoding="utf-8")
    with pytest.raises(ReadError, match="no such file"):
        read(tmp_path / "report.txt")
