"""`POST /extract` and `/extract/batch`: the records of `zhibiao extract`, from text and from every format."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

import zhibiao
from zhibiao.documents import build
from zhibiao.jsonl import dumps, record_to_json
from zhibiao.rules import RulePredictor

REPORT = """苇塘街道2023年工作总结和2024年工作思路
一、2023年工作总结
2023年，街道实现财政总收入12.50亿元，同比增长8.3%。
全年新建口袋公园3个，改造老旧小区14个。
二、2024年工作思路
力争财政总收入增长6%，新建停车泊位500个。
"""


def records_of(document: Any) -> list[str]:
    found = zhibiao.extract([document], RulePredictor())
    return [dumps(record_to_json(record)) for record in found]


def pdf() -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("STSong-Light", 12)
    for at, line in enumerate(REPORT.splitlines()):
        canvas.drawString(60, 780 - 24 * at, line)
    canvas.save()
    return buffer.getvalue()


def word() -> bytes:
    document = docx.Document()
    for line in REPORT.splitlines():
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def page() -> bytes:
    body = "".join(f"<p>{line}</p>" for line in REPORT.splitlines())
    return f"<!doctype html><html><body><article>{body}</article></body></html>".encode()


FILES: dict[str, Callable[[], bytes]] = {
    "苇塘.txt": REPORT.encode,
    "gb.txt": lambda: REPORT.encode("gb18030"),
    "苇塘.html": page,
    "苇塘.docx": word,
    "苇塘.pdf": pdf,
}


def test_a_text_gives_the_records_of_the_api_to_the_last_digit(rules: Any) -> None:
    answer = rules.extract(REPORT, id="weitang")
    assert answer.status_code == 200
    expected = records_of(build(REPORT, id="weitang"))
    assert len(expected) == 5
    assert f'"records": [{", ".join(expected)}]' in answer.text
    assert answer.json()["predictor"] == RulePredictor().name


def test_what_is_stated_wins_and_is_said_again(rules: Any) -> None:
    answer = rules.extract(REPORT, id="a", district="柳溪区", report_year=2022, published="2024-01-09").json()
    assert answer["document"]["district"] == "柳溪区"
    assert {record["report_year"] for record in answer["records"]} == {2022}
    assert answer["document"]["characters"] == len(REPORT)
    assert "text" not in answer["document"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_gives_the_records_of_the_file_on_disk(name: str, rules: Any, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    document = zhibiao.read(path)
    files = {"file": (name, path.read_bytes())}
    answer = rules.client.post("/extract", params={"text": "true"}, files=files)
    assert answer.status_code == 200, answer.text
    assert answer.json()["document"]["text"] == document.text
    assert answer.json()["document"]["id"] == path.stem
    expected = records_of(document)
    assert expected
    assert [json.dumps(json.loads(each)) for each in expected] == [
        json.dumps(each) for each in answer.json()["records"]
    ]


def test_fields_of_a_form_are_metadata_and_blank_ones_are_none(rules: Any) -> None:
    data = {"district": "柳溪区", "report_year": "2022", "title": "", "published": "2024-01-09"}
    files = {"file": ("../../x/苇塘.txt", REPORT.encode())}
    answer = rules.client.post("/extract", data=data, files=files).json()
    assert answer["document"]["district"] == "柳溪区"
    assert answer["document"]["report_year"] == 2022
    assert answer["document"]["id"] == "苇塘"


@pytest.mark.parametrize(
    "name", ["", ".", "..", "\\", "...txt", "无名" * 200 + ".txt", 'a"b\x01.txt', "报告"]
)
def test_no_name_of_a_file_harms(name: str, rules: Any) -> None:
    files = {"file": (name, REPORT.encode())}
    answer = rules.client.post("/extract", files=files)
    assert answer.status_code in (200, 422)
    assert "error" in answer.json() or answer.json()["records"]


def test_a_batch_answers_each_in_its_place(rules: Any) -> None:
    reports = [{"text": REPORT}, {"text": "没有数字。", "id": "empty"}, {"text": REPORT[::-1]}]
    answer = rules.client.post("/extract/batch", json={"reports": reports})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [one["status"] for one in results] == ["done"] * 3
    assert [one["document"]["id"] for one in results] == ["report-1", "empty", "report-3"]
    alone = rules.extract(REPORT, id="report-1").json()
    assert results[0]["records"] == alone["records"]
    assert results[1]["records"] == []


def test_one_report_of_a_batch_may_fail_alone_and_nothing_of_it_is_told(
    serve: Any, fussy: Any, caplog: pytest.LogCaptureFixture
) -> None:
    service = serve(fussy)
    reports = [{"text": REPORT}, {"text": "坏的报告，3个秘密。", "id": "bad"}, {"text": REPORT}]
    answer = service.client.post("/extract/batch", json={"reports": reports})
    first, bad, last = answer.json()["results"]
    assert first["records"] and last["records"]
    assert (bad["status"], bad["id"], bad["error"]["code"]) == ("failed", "bad", "internal")
    number = bad["error"]["message"].split("incident ")[1].split(";")[0]
    assert number in caplog.text
    assert "ValueError" in caplog.text
    for told in (caplog.text, answer.text):
        assert "秘密" not in told
        assert "Traceback" not in told
        assert str(Path(__file__).parent) not in told


def test_a_fault_is_an_incident_and_gives_nothing_away(
    serve: Any, fussy: Any, caplog: pytest.LogCaptureFixture
) -> None:
    service = serve(fussy)
    answer = service.extract("坏的报告，3个秘密。")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "秘密" not in answer.text + caplog.text
    assert service.extract(REPORT).status_code == 200


JSON = {"content-type": "application/json"}
BAD: dict[str, tuple[str, dict[str, Any], int]] = {
    "no JSON": ("/extract", {"content": "{秘密", "headers": JSON}, 422),
    "no object": ("/extract", {"json": ["秘密"]}, 422),
    "no text": ("/extract", {"json": {"title": "秘密"}}, 422),
    "blank text": ("/extract", {"json": {"text": " \n\u3000"}}, 422),
    "an unknown field": ("/extract", {"json": {"text": "3个", "秘密": 1}}, 422),
    "a year that is none": ("/extract", {"json": {"text": "3个", "report_year": "秘密"}}, 422),
    "an id that is a path": ("/extract", {"json": {"text": "3个", "id": "../秘密"}}, 422),
    "half a surrogate pair": ("/extract", {"content": b'{"text": "\\ud800 3"}', "headers": JSON}, 422),
    "another type": ("/extract", {"content": "秘密", "headers": {"content-type": "text/plain"}}, 415),
    "no type": ("/extract", {"content": "秘密"}, 415),
    "an empty form": ("/extract", {"files": {"file": ("", b"")}}, 422),
    "a torn form": ("/extract", {"content": "秘密", "headers": {"content-type": "multipart/form-data"}}, 400),
    "a file elsewhere": ("/extract", {"files": {"other": ("a.txt", b"3")}}, 422),
    "a format not read": (
        "/extract",
        {"files": {"file": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}},
        422,
    ),
    "a PDF that is none": ("/extract", {"files": {"file": ("a.pdf", "秘密".encode())}}, 422),
    "a broken PDF": ("/extract", {"files": {"file": ("a.pdf", b"%PDF-1.4 broken")}}, 422),
    "an empty file": ("/extract", {"files": {"file": ("a.txt", b"")}}, 422),
    "an empty batch": ("/extract/batch", {"json": {"reports": []}}, 422),
    "a batch of something": ("/extract/batch", {"json": {"reports": ["秘密"]}}, 422),
    "too large a batch": ("/extract/batch", {"json": {"reports": [{"text": "3个"}] * 4}}, 422),
    "a batch as a form": ("/extract/batch", {"files": {"file": ("a.txt", b"3")}}, 415),
    "a parameter": ("/extract?text=秘密", {"json": {"text": "3个"}}, 422),
    "nothing there": ("/秘密", {"json": {}}, 404),
    "wrong method": ("/health", {"json": {}}, 405),
}


@pytest.mark.parametrize("case", BAD)
def test_refusals_have_code_and_message_and_quote_nothing(case: str, rules: Any) -> None:
    path, request, status = BAD[case]
    answer = rules.client.post(path, **request)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert set(error) == {"code", "message"}
    assert error["code"].replace("_", "").isalpha()
    assert "秘密" not in answer.text
    assert "/tmp" not in answer.text
    assert "Traceback" not in answer.text


def test_the_way_out_of_a_file_that_cannot_be_read_is_told(rules: Any) -> None:
    files = {"file": ("总结.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}
    message = rules.client.post("/extract", files=files).json()["error"]["message"]
    assert "--convert-to docx '总结.doc'" in message
