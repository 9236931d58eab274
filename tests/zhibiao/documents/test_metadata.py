from __future__ import annotations

import pytest

from zhibiao.documents import build
from zhibiao.schema import Document, Finding, Role

BODY = (
    "\n各位代表：\n全镇上下齐心协力，办成了一批群众盼望已久的实事好事，"
    "水更清、路更宽、灯更亮，日子越过越有滋味，大家伙儿都说看得见、摸得着。"
)
SITTING = "——2023年1月5日在云岭市第九届人民代表大会第三次会议上\n云岭市市长 李小山"


def document(text: str, **known: str | int) -> Document:
    return build(text, id="x", known={field: Finding(value, "option") for field, value in known.items()})


def years(doc: Document) -> tuple[int | None, int | None, int | None]:
    return doc.metadata.report_year, doc.metadata.plan_year, doc.metadata.sitting_year


def test_every_field_has_a_finding_and_offsets_say_where() -> None:
    doc = document(
        f"云岭市政府工作报告\n{SITTING}{BODY}\n一、2022年工作回顾\n完成。\n二、2023年工作安排\n计划。"
    )
    found = doc.metadata
    assert (found.title, found.publisher, found.district) == (
        "云岭市政府工作报告",
        "云岭市人民政府",
        "云岭市",
    )
    assert years(doc) == (2022, 2023, 2023)
    set_fields = {f for f in found.__dataclass_fields__ if f != "findings" and getattr(found, f) is not None}
    assert set(found.findings) == set_fields
    quotes = {
        field: doc.quote(finding.offsets) for field, finding in found.findings.items() if finding.offsets
    }
    assert quotes["report_year"] == "一、2022年工作回顾"
    assert quotes["sitting_year"] == "2023年1月5日"
    assert quotes["title"] == "云岭市政府工作报告"


def test_notice_lines() -> None:
    doc = document(
        "索引号: 0042-0/2023-17 文号:\n公布日期: 2023-3-4 公开方式: 主动公开\n发布单位: 青石街道 统一编号:\n"
        f"青石街道2022年工作总结和2023年工作思路{BODY}"
    )
    found = doc.metadata
    assert (found.index_number, found.published, found.publisher) == (
        "0042-0/2023-17",
        "2023-03-04",
        "青石街道",
    )
    assert found.title == "青石街道2022年工作总结和2023年工作思路"
    assert years(doc) == (2022, 2023, None)
    assert doc.quote(found.findings["published"].offsets or (0, 0)) == "2023-3-4"


def test_one_notice_line_with_two_fields() -> None:
    found = document(f"发布日期：2023年01月12日 17:22 信息来源：青石镇{BODY}").metadata
    assert (found.published, found.publisher) == ("2023-01-12", "青石镇")


@pytest.mark.parametrize("line", ["资金来源：财政拨款", "来源：", "发布单位：，青石镇"])
def test_what_is_no_notice(line: str) -> None:
    assert document(line + BODY).metadata.publisher is None


def test_notices_and_dates_in_the_body_are_not_read() -> None:
    body = BODY * 5 + "\n来源：乙镇\n2019年6月在云岭市第九届人民代表大会第一次会议上作了部署。"
    assert document(f"来源：甲镇{body}").metadata.publisher == "甲镇"
    assert document(body).metadata.publisher is None
    assert document(body).metadata.sitting_year is None


def test_an_impossible_date_is_not_a_date() -> None:
    assert document(f"发布日期：2023-13-41{BODY}").metadata.published is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2023年政府工作报告", (2022, 2023, 2023)),
        ("云岭市政府工作报告（2023年1月5日 李小山）", (2022, 2023, 2023)),
        ("云岭市政府工作报告（2022年12月28日 李小山）", (2022, 2023, 2023)),
        ("青石街道2022年工作总结和2023年工作安排", (2022, 2023, None)),
        ("青石街道2022年工作总结", (2022, 2023, None)),
        ("青石街道2023年工作计划", (2022, 2023, None)),
        ("云岭市2022年国民经济和社会发展统计公报", (2022, 2023, None)),
        ("一九八八年统计公报", (1988, 1989, None)),
        ("工作总结", (None, None, None)),
    ],
)
def test_years_from_the_title(title: str, expected: tuple[int | None, ...]) -> None:
    assert years(document(BODY, title=title)) == expected
    assert years(document(title + BODY)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("——2023年1月5日在云岭市第九届人民代表大会第三次会议上", (2022, 2023, 2023)),
        ("二〇二三年一月五日在云岭市第九届人大三次会议上", (2022, 2023, 2023)),
        ("（2022年12月28日在云岭市第九届人民代表大会第三次会议上）", (2022, 2023, 2023)),
        ("2023年5月22日在云岭市\n第九届人民代表大会第三次会议上", (2022, 2023, 2023)),
    ],
)
def test_years_from_the_date_of_the_sitting(line: str, expected: tuple[int, ...]) -> None:
    assert years(document(line + BODY)) == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("一、2022年工作回顾", (2022, 2023)),
        ("一、“十四五”成就和2022年工作回顾", (2022, 2023)),
        ("二、2023年工作安排", (2022, 2023)),
        ("回眸2022", (2022, 2023)),
        ("一、2018年以来工作回顾", (None, None)),
        ("（三）办好2023年艺术节", (None, None)),
    ],
)
def test_years_from_headings(heading: str, expected: tuple[int | None, ...]) -> None:
    assert years(document(f"{BODY}\n{heading}\n完成。"))[:2] == expected


@pytest.mark.parametrize(
    "front",
    [
        "青石镇2023年上半年工作总结和下半年工作安排",
        "发布日期：2023-07-06\n青石镇上半年工作总结",
        "2023年7月6日在青石镇第三届人民代表大会第四次会议上\n青石镇上半年工作总结",
    ],
)
def test_a_report_on_half_a_year_plans_the_same_year(front: str) -> None:
    doc = document(f"{front}{BODY}\n2023年，收入增长3%。\n二、下半年工作安排\n修路2公里。")
    assert years(doc)[:2] == (2023, 2023)
    assert [(section.role, section.year) for section in doc.sections] == [
        (Role.REVIEW, 2023),
        (Role.PLAN, 2023),
    ]


def test_the_date_of_publication_and_the_first_words_are_last_resorts() -> None:
    assert years(document(f"发布日期：2023-02-01{BODY}"))[0] == 2022
    assert years(document(f"发布日期：2022-12-20{BODY}"))[0] == 2022
    assert years(document("2022年,全镇上下齐心协力。"))[0] == 2022
    assert (
        document(f"发布日期：2023-02-01{BODY}").metadata.findings["report_year"].source
        == "date of publication"
    )


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"sitting_year": 2021}, (2020, 2021, 2021)),
        ({"report_year": 2019}, (2019, 2020, 2023)),
        ({"report_year": 2019, "plan_year": 2021}, (2019, 2021, 2023)),
        ({"plan_year": 2021}, (2020, 2021, 2023)),
    ],
)
def test_known_years_win_over_the_text(known: dict[str, int], expected: tuple[int, ...]) -> None:
    assert years(document(f"{SITTING}{BODY}\n一、2022年工作回顾\n完成。", **known)) == expected


def test_known_fields_keep_their_origin() -> None:
    doc = document(f"{SITTING}{BODY}", publisher="云岭市统计局", title="简报")
    assert (doc.metadata.publisher, doc.metadata.title) == ("云岭市统计局", "简报")
    assert doc.metadata.findings["publisher"] == Finding("云岭市统计局", "option")
    assert doc.metadata.district == "云岭市"


def test_a_missing_report_year_is_said() -> None:
    doc = build(BODY, id="x", notes=("read as utf-8",))
    assert doc.metadata.report_year is None
    assert doc.notes[0] == "read as utf-8"
    assert "report year not found" in doc.notes[1]
    assert "report_year" in doc.notes[1]


def test_years_that_contradict_each_other_are_said() -> None:
    doc = document(f"{SITTING}{BODY}\n一、2019年工作回顾\n完成。")
    assert doc.metadata.report_year == 2019
    assert len(doc.notes) == 1
    assert "2019" in doc.notes[0]
    assert "2023" in doc.notes[0]


def test_a_year_given_as_words_by_the_user_breaks_nothing() -> None:
    assert document(f"{SITTING}{BODY}", report_year="last", published="soon").metadata.sitting_year == 2023


@pytest.mark.parametrize(
    ("title", "publisher", "district", "city"),
    [
        ("云岭市政府工作报告", "云岭市人民政府", "云岭市", "云岭市"),
        ("2023年云州市政府工作报告", "云州市人民政府", "云州市", "云州市"),
        ("2023年云岭省人民政府工作报告", "云岭省人民政府", "云岭省", None),
        ("云岭自治区2023年政府工作报告", "云岭自治区人民政府", "云岭自治区", None),
        ("云岭市青石区政府工作报告", "云岭市青石区人民政府", "青石区", "云岭市"),
        ("青石街道2022年工作总结", "青石街道", None, None),
        ("云岭市青石区白水街道2022年工作总结", "白水街道", "青石区", "云岭市"),
        ("青石镇人民政府2022年工作总结", "青石镇", None, None),
        ("2023年国务院政府工作报告", "国务院", None, None),
        ("李小山市长在云岭市第九届人大三次会议上的政府工作报告", None, None, None),
        ("自治区政府工作报告", None, None, None),
        ("全市2022年工作总结", None, None, None),
        ("云岭市城市管理局2022年工作总结", None, None, None),
    ],
)
def test_places_from_the_title(
    title: str, publisher: str | None, district: str | None, city: str | None
) -> None:
    found = document(BODY, title=title).metadata
    assert (found.publisher, found.district, found.city) == (publisher, district, city)


@pytest.mark.parametrize(
    "line",
    [
        "我代表云岭市人民政府，向大会报告工作。",
        "现在，我代表云岭市第八届人民政府向大会报告工作。",
        "云岭市市长 李小山",
        "云岭市人民政府代市长 李小山",
        "2023年1月5日在云岭市第九届人民代表大会第三次会议上",
        "2023年1月5日在云岭市\n第九届人民代表大会第三次会议上",
    ],
)
def test_places_from_the_speaker(line: str) -> None:
    doc = document(line + BODY)
    assert (doc.metadata.publisher, doc.metadata.district) == ("云岭市人民政府", "云岭市")
    assert doc.quote(doc.metadata.findings["district"].offsets or (0, 0)) == "云岭市"


@pytest.mark.parametrize(
    "line",
    [
        "我代表市人民政府，向大会报告工作。",
        "我代表自治区人民政府，向大会报告。",
        "获评代表性园区，大家很高兴。",
    ],
)
def test_no_place_is_guessed(line: str) -> None:
    assert document(line + BODY).metadata.publisher is None


@pytest.mark.parametrize(
    "text", ["一、工作总结", "各位代表！工作总结如下。", "关于工作总结：附表", "总结" * 40]
)
def test_what_is_no_title(text: str) -> None:
    assert document(text + BODY).metadata.title is None
