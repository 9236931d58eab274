import hashlib
import json
from decimal import Decimal

import pytest

from zhibiao.documents import build
from zhibiao.errors import DataError
from zhibiao.jsonl import read_gold, write_gold
from zhibiao.schema import GoldReport, Kind

TEXT = "一、2023年工作回顾\n新增停车位320个，投诉量、退单量分别下降5%、6%。\n"


def offsets(quote):
    start = TEXT.index(quote)
    return [start, start + len(quote)]


RECORDS = [
    {
        "spans": {"indicator": offsets("新增停车位"), "value": offsets("320"), "unit": offsets("个")},
        "year": 2023,
        "kind": "actual",
        "qualifier": None,
    },
    {
        "spans": {"indicator": offsets("退单量"), "growth": offsets("6%")},
        "year": 2023,
        "kind": "actual",
        "qualifier": None,
        "growth_rate": -6.0,
    },
]
LINE = {
    "id": "lancheng-2023",
    "title": "岚城街道2023年工作总结",
    "publisher": "岚城街道",
    "district": "云麓区",
    "report_year": 2023,
    "level": "street",
    "text": TEXT,
    "records": RECORDS,
}


def written(path, *lines):
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def only(path):
    (report,) = read_gold(path)
    return report


def test_a_report_with_its_text_inside(tmp_path):
    report = only(written(tmp_path / "gold.jsonl", LINE))
    assert report.document.id == "lancheng-2023"
    assert report.document.text == TEXT
    assert report.document.metadata.district == "云麓区"
    assert report.document.metadata.findings["district"].source == "gold"
    assert report.document.source is None
    assert report.extra == {"level": "street"}
    first, second = report.records
    assert {slot: report.document.quote(span) for slot, span in first.spans.items()} == {
        "indicator": "新增停车位",
        "value": "320",
        "unit": "个",
    }
    assert (first.year, first.kind, first.growth_rate) == (2023, Kind.ACTUAL, None)
    assert second.growth_rate == Decimal(-6)


@pytest.mark.parametrize("folder", ["", "texts"])
def test_a_text_beside_the_gold_or_in_its_texts(tmp_path, folder):
    line = {key: value for key, value in LINE.items() if key != "text"}
    raw = TEXT.encode()
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "lancheng.txt").write_bytes(raw)
    sha256 = hashlib.sha256(raw).hexdigest()
    report = only(written(tmp_path / "gold.jsonl", line | {"file": "lancheng.txt", "sha256": sha256}))
    assert report.document.text == TEXT
    assert report.document.source.sha256 == sha256
    assert (report.document.source.name, report.document.source.format) == ("lancheng.txt", "txt")


def test_a_folder_means_all_its_gold_in_the_order_of_names(tmp_path):
    written(tmp_path / "b.jsonl", LINE | {"id": "b"})
    written(tmp_path / "a.jsonl", LINE | {"id": "a1"}, LINE | {"id": "a2"})
    (tmp_path / "notes.txt").write_text("no gold")
    assert [report.document.id for report in read_gold(tmp_path)] == ["a1", "a2", "b"]


@pytest.mark.parametrize("with_text", [True, False])
def test_gold_comes_back_as_it_was_written(tmp_path, with_text):
    (tmp_path / "lancheng.txt").write_bytes(TEXT.encode())
    body = {"file": "lancheng.txt", "sha256": hashlib.sha256(TEXT.encode()).hexdigest()}
    line = {key: value for key, value in LINE.items() if key != "text"} | body
    reports = list(read_gold(written(tmp_path / "gold.jsonl", line)))
    write_gold(tmp_path / "again.jsonl", reports, with_text=with_text)
    (again,) = read_gold(tmp_path / "again.jsonl")
    assert again.records == reports[0].records
    assert again.extra == reports[0].extra
    assert again.document.metadata == reports[0].document.metadata
    assert again.document.text == TEXT
    written_line = json.loads((tmp_path / "again.jsonl").read_text(encoding="utf-8"))
    assert written_line == (LINE if with_text else line)


def test_an_unknown_publisher_stays_unknown(tmp_path):
    report = only(
        written(
            tmp_path / "gold.jsonl",
            LINE | {"publisher": None, "title": None, "text": "完成投资3亿元。", "records": []},
        )
    )
    assert report.document.metadata.publisher is None


def test_a_document_from_no_text_file_cannot_be_referred_to(tmp_path):
    report = GoldReport(build("新增路灯20盏。", id="x"), ())
    with pytest.raises(DataError, match=r"x: read from no \.txt file"):
        write_gold(tmp_path / "gold.jsonl", [report], with_text=False)
    assert list(tmp_path.iterdir()) == []


def changed(record=0, **changes):
    records = [dict(record) for record in RECORDS]
    records[record] |= changes
    return {"records": records}


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"id": ""}, "id is ''"),
        ({"report_year": "2023"}, "report_year is '2023'; it must be a whole number"),
        ({"report_year": True}, "report_year is True"),
        ({"title": 7}, "title is 7"),
        ({"records": {}}, "records is a dict; it must be a list"),
        ({"records": [3]}, "record 0 has no spans"),
        (changed(spans={"value": [0, 9999]}), r"record 0: the value span is \[0, 9999\]; .* inside the 40"),
        (changed(spans={"value": [5, 5]}), r"the value span is \[5, 5\]"),
        (changed(spans={"value": ["a", 5]}), r"the value span is \['a', 5\]"),
        (changed(spans={"indicator": [0, 2]}), "needs a value or a growth"),
        (changed(spans={"value": [0, 2], "colour": [3, 4]}), "unknown slots"),
        (changed(kind="wish"), "kind is 'wish'; it must be actual or target"),
        (changed(year="2023"), "record 0: year is '2023'"),
        (changed(qualifier=3), "record 0: qualifier is 3; it must be a text"),
        (changed(1, growth_rate="down"), "record 1: growth_rate is 'down'"),
        (changed(note="?"), "unknown keys note"),
    ],
)
def test_a_wrong_line_is_cited_with_what_to_do(tmp_path, change, finding):
    path = written(tmp_path / "gold.jsonl", LINE, LINE | {"id": "second"} | change)
    with pytest.raises(DataError, match=finding) as caught:
        list(read_gold(path))
    assert f"{path}:2: " in str(caught.value)


def test_missing_keys_are_named(tmp_path):
    with pytest.raises(DataError, match="title, report_year missing; gold needs id, title"):
        only(
            written(
                tmp_path / "gold.jsonl", {k: v for k, v in LINE.items() if k not in ("title", "report_year")}
            )
        )


def test_a_line_without_text_or_file_is_refused(tmp_path):
    with pytest.raises(DataError, match="no text; a line needs text, or file and sha256"):
        only(written(tmp_path / "gold.jsonl", {k: v for k, v in LINE.items() if k != "text"}))


def stand_off(tmp_path, raw, sha256):
    (tmp_path / "lancheng.txt").write_bytes(raw)
    line = {key: value for key, value in LINE.items() if key != "text"}
    return written(tmp_path / "gold.jsonl", line | {"file": "lancheng.txt", "sha256": sha256})


def test_a_changed_text_is_refused_with_both_sums(tmp_path):
    path = stand_off(tmp_path, TEXT.replace("320", "321").encode(), hashlib.sha256(TEXT.encode()).hexdigest())
    found = hashlib.sha256((tmp_path / "lancheng.txt").read_bytes()).hexdigest()
    with pytest.raises(DataError, match=f"has sha256 {found}, the offsets were made on {'[0-9a-f]' * 8}"):
        only(path)


def test_a_text_in_another_encoding_is_refused(tmp_path):
    raw = TEXT.encode("gb18030")
    with pytest.raises(DataError, match="is not UTF-8"):
        only(stand_off(tmp_path, raw, hashlib.sha256(raw).hexdigest()))


def test_a_missing_text_names_both_places(tmp_path):
    path = stand_off(tmp_path, b"", "")
    (tmp_path / "lancheng.txt").unlink()
    with pytest.raises(DataError, match=r"neither at .*lancheng.txt nor at .*texts.lancheng.txt"):
        only(path)


def test_a_path_that_is_not_there_and_a_folder_without_gold(tmp_path):
    with pytest.raises(DataError, match="no such file or folder"):
        list(read_gold(tmp_path / "nowhere"))
    with pytest.raises(DataError, match=r"holds no \.jsonl file"):
        list(read_gold(tmp_path))
