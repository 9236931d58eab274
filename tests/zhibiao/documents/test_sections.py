from __future__ import annotations

import pytest

from zhibiao.documents import build
from zhibiao.schema import Document, Finding, Role, Section

LONG = (
    "全镇上下齐心协力，办成了一批群众盼望已久的实事好事，"
    "水更清、路更宽、灯更亮，日子越过越有滋味，大家伙儿都说今年的变化看得见、摸得着。"
)


def document(text: str, **known: str | int) -> Document:
    return build(text, id="x", known={field: Finding(value, "option") for field, value in known.items()})


def section_of(doc: Document, quote: str) -> Section:
    at = doc.text.index(quote)
    return next(section for section in doc.sections if section.start <= at < section.end)


def told(doc: Document, quote: str) -> tuple[Role, int | None]:
    section = section_of(doc, quote)
    return section.role, section.year


def headings(doc: Document) -> list[tuple[int, str]]:
    return [(s.level, doc.quote(s.heading)) for s in doc.sections if s.heading]


def test_numbered_headings_of_three_levels() -> None:
    doc = document(
        "一、2022年工作回顾\n（一）经济平稳。收入增长3%。\n1.收税。收了2亿元。\n(二)民生改善\n2、办学。建校1所。\n"
        "第二部分 2023年工作安排\n①修路2公里。"
    )
    assert headings(doc) == [
        (1, "一、2022年工作回顾"),
        (2, "（一）经济平稳"),
        (3, "1.收税"),
        (2, "(二)民生改善"),
        (3, "2、办学"),
        (1, "第二部分 2023年工作安排"),
        (3, "①修路2公里"),
    ]
    assert told(doc, "建校1所") == (Role.REVIEW, 2022)
    assert told(doc, "修路2公里") == (Role.PLAN, 2023)


@pytest.mark.parametrize(
    "line",
    [
        "一、二、三产业齐头并进。",
        "三、四季度连续增长。",
        "1.2亿元用于修路。",
        "3、4月份连下大雨。",
        "12、13日两次开会。",
    ],
)
def test_numbers_that_open_a_line_are_no_headings(line: str) -> None:
    assert headings(document(f"{LONG}\n{line}\n{LONG}")) == []


@pytest.mark.parametrize(
    ("paragraph", "heading"),
    [
        ("一、感恩前行 实干笃行的2022", "一、感恩前行 实干笃行的2022"),
        ("一、2022年工作回顾 一年来全镇修路3公里。", "一、2022年工作回顾"),
        ("（一）抓经济、促转型：修路3公里。", "（一）抓经济、促转型"),
        ("一是抓经济，" + "促转型" * 30 + "。", "一是抓经济"),
        ("一是" + "促转型" * 30 + "。", "一是"),
        ("一、", "一、"),
    ],
)
def test_where_a_heading_ends(paragraph: str, heading: str) -> None:
    assert [words for _, words in headings(document(f"{LONG}\n{paragraph}\n{LONG}"))] == [heading]


def test_the_text_before_the_first_heading_has_level_0() -> None:
    doc = document(f"{LONG}\n一、2022年工作回顾\n{LONG}")
    assert (doc.sections[0].level, doc.sections[0].heading) == (0, None)
    assert doc.sections[0].role is Role.REVIEW


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("一、2022年工作回顾", (Role.REVIEW, 2022)),
        ("一、二〇二二年工作总结", (Role.REVIEW, 2022)),
        ("一、“十四五”成就和2022年工作回顾", (Role.REVIEW, 2022)),
        ("一、过去五年工作回顾", (Role.REVIEW, 2022)),
        ("一、2018年以来工作回顾", (Role.REVIEW, 2022)),
        ("一、2022年重点任务完成情况", (Role.REVIEW, 2022)),
        ("二、2023年工作安排", (Role.PLAN, 2023)),
        ("二、2023年工作总体要求和目标任务", (Role.PLAN, 2023)),
        ("二、奋力开创2023年新局面", (Role.PLAN, 2023)),
        ("二、下一步工作打算", (Role.PLAN, 2023)),
        ("二、明年工作思路", (Role.PLAN, 2023)),
        ("二、今后五年奋斗目标", (Role.PLAN, 2027)),
        ("二、“十五五”主要任务和2035年远景目标", (Role.PLAN, 2030)),
        ("二、2035年远景目标", (Role.PLAN, 2035)),
        ("二、全力以赴做好“十五五”开局工作", (Role.PLAN, 2023)),
        ("2023年工作任务", (Role.PLAN, 2023)),
        ("回眸2022", (Role.REVIEW, 2022)),
        ("奋进2023", (Role.PLAN, 2023)),
        ("（二）关于2023年的工作", (Role.PLAN, 2023)),
    ],
)
def test_the_role_and_year_of_a_heading(heading: str, expected: tuple[Role, int]) -> None:
    before = "2021年工作安排" if expected[0] is Role.REVIEW else "2022年工作回顾"
    doc = document(f"{LONG}\n{before}\n{LONG}\n{heading}\n本镇{LONG}", report_year=2022)
    assert told(doc, heading) == expected
    assert told(doc, "本镇") == expected


@pytest.mark.parametrize(
    "heading", ["一、筑牢安全防线", "（一）强化服务群众的责任要求", "（二）落实上级决策部署"]
)
def test_a_heading_without_cue_takes_role_and_year_from_before(heading: str) -> None:
    doc = document(f"二、2023年工作安排\n{heading}\n{LONG}\n一、2022年工作回顾\n{heading}乙\n{LONG}")
    assert told(doc, heading) == (Role.PLAN, 2023)
    assert told(doc, heading + "乙") == (Role.REVIEW, 2022)


def test_unnumbered_headings_are_short_unfinished_lines_after_finished_ones() -> None:
    doc = document(f"{LONG}\n回眸2022\n靠实干赢得口碑\n{LONG}\n奋进2023\n{LONG}")
    assert headings(doc) == [(1, "回眸2022"), (2, "靠实干赢得口碑"), (1, "奋进2023")]


def test_lines_broken_by_a_printer_are_no_headings() -> None:
    broken = (
        "今年全镇上下齐心协力，共完成固定资产\n投资三亿元，其中工业投资一亿元\n"
        "民间投资两亿元，都超过了年初的\n计划。"
    )
    doc = document(f"{LONG}\n" + f"{broken}\n" * 5 + f"奋进2023\n{broken}")
    assert headings(doc) == [(1, "奋进2023")]


def test_title_speaker_date_and_notice_lines_are_no_headings() -> None:
    doc = document(
        "青石镇2022年工作总结和2023年工作安排\n发布日期：2023-01-05 来源：青石镇\n（2023年1月5日）\n"
        "镇长 王小明\n"
        f"2023年1月5日在青石镇第三届人民代表大会第二次会议上\n各位代表：\n{LONG}"
    )
    assert headings(doc) == []
    assert {section.role for section in doc.sections} == {Role.REVIEW}


@pytest.mark.parametrize(
    "opening",
    [
        "2023年是乡村振兴的关键一年。",
        "各位代表！2023年，我们要再接再厉。",
        "今年经济社会发展的主要预期目标是：收入增长5%。",
        "下一步，我们要补齐短板。",
        "综合考虑各种因素，建议主要预期目标为：收入增长5%。",
    ],
)
def test_a_paragraph_without_heading_may_open_the_plan(opening: str) -> None:
    doc = document(f"一、2022年工作回顾\n{LONG}\n{opening}\n到年底新增民宿9家。", report_year=2022)
    assert told(doc, LONG) == (Role.REVIEW, 2022)
    assert told(doc, opening) == (Role.PLAN, 2023)
    assert told(doc, "民宿9家") == (Role.PLAN, 2023)
    assert section_of(doc, opening).heading is None


@pytest.mark.parametrize(
    "sentence", ["全面完成年初的预期目标。", "今年是建镇30周年。", "2022年是极不平凡的一年。"]
)
def test_words_of_the_review_do_not_open_the_plan(sentence: str) -> None:
    doc = document(f"一、2022年工作回顾\n{sentence}\n新增民宿9家。", report_year=2022)
    assert told(doc, "民宿9家") == (Role.REVIEW, 2022)


def test_inside_a_plan_for_five_years_the_year_ahead_may_open() -> None:
    doc = document(
        f"一、2022年工作回顾\n{LONG}\n今后五年，要建成花园小镇。\n发展目标是：人均收入5万元。\n"
        "2023年是新征程的第一年。今年植树6万株。",
        report_year=2022,
    )
    assert told(doc, "5万元") == (Role.PLAN, 2027)
    assert told(doc, "6万株") == (Role.PLAN, 2023)


def test_headings_in_a_text_without_line_breaks() -> None:
    doc = document(
        "一、2022年工作回顾 2022年是丰收的一年，全镇修路3公里。 一年来，植树5万株；治河2条。 "
        "二、2023年工作思路 2023年要修桥4座。 三是抓安全、促稳定。"
    )
    assert headings(doc) == [(1, "一、2022年工作回顾"), (1, "二、2023年工作思路"), (3, "三是抓安全、促稳定")]
    assert told(doc, "植树5万株") == (Role.REVIEW, 2022)
    assert told(doc, "修桥4座") == (Role.PLAN, 2023)


def test_a_report_of_a_plan_alone_opens_with_the_plan() -> None:
    doc = document(f"{LONG}\n（一）修路\n修路3公里。", title="青石镇2023年工作计划")
    assert told(doc, "修路3公里") == (Role.PLAN, 2023)


def test_a_bulletin_on_carrying_out_a_plan_is_a_review() -> None:
    doc = document(f"{LONG}\n收入增长3%。", title="关于2022年发展计划执行结果的公报")
    assert told(doc, "3%") == (Role.REVIEW, 2022)


def test_without_any_year_roles_are_known_and_years_are_not() -> None:
    doc = document(f"一、工作回顾\n{LONG}\n二、工作打算\n修路3公里。")
    assert told(doc, LONG) == (Role.REVIEW, None)
    assert told(doc, "修路3公里") == (Role.PLAN, None)
