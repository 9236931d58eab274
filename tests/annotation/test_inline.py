"""Inline gold: what the marks mean, what is refused, and that gold survives the way there and back."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.inline import parse, render
from annotation.inline.__main__ import main
from annotation.inline.records import order
from zhibiao.errors import DataError
from zhibiao.jsonl import read_gold
from zhibiao.schema import Document, GoldRecord, GoldReport, Kind, Metadata

FRONT = '+++\nid = "a"\ntitle = "甲镇"\npublisher = "甲镇"\ndistrict = "乙县"\nreport_year = 2023\n+++\n'


def read(body: str) -> list[tuple[object, ...]]:
    """Each record as (indicator, value, unit, growth, year span, year, kind, qualifier, growth rate)."""
    report = parse(FRONT + body, "a.md")
    text = report.document.text
    slots = ("indicator", "value", "unit", "growth", "year")
    return [
        (
            *(text[slice(*record.spans[slot])] if slot in record.spans else None for slot in slots),
            record.year,
            record.kind.value,
            record.qualifier,
            record.growth_rate,
        )
        for record in report.records
    ]


def short(body: str) -> list[str]:
    """Each record as `indicator value unit growth @year-span`, blanks for what is missing left out."""
    return [" ".join(str(part) for part in row[:4] if part) + f" @{row[4] or ''}" for row in read(body)]


def test_text_is_the_body_without_marks() -> None:
    report = parse(FRONT + "{Y:全年}建成{V:3}{U:座}{I:水库}。\n花括号\\{\\}和\\\\不变。\n")
    assert report.document.text == "全年建成3座水库。\n花括号{}和\\不变。\n"


def test_a_slot_that_repeats_begins_the_next_record() -> None:
    body = (
        "{I:产值}{V:5}{U:亿元}，{G:增长3%}，新建{V:2}{U:座}{I:水库}、{V:4}{U:处}{I:泵站}，{I:投资}{G:下降1%}"
    )
    assert short(body) == ["产值 5 亿元 增长3% @", "水库 2 座 @", "泵站 4 处 @", "投资 下降1% @"]


def test_an_indicator_heads_the_records_after_it_in_its_sentence() -> None:
    body = "{I:茶园}由{V 2019:8}{U:亩}增至{V:11}{U:亩}；开工{V:2}{U:个}{I:驿站}，建成{V:1}{U:个}。"
    assert short(body) == ["茶园 8 亩 @", "茶园 11 亩 @", "驿站 2 个 @", "驿站 1 个 @"]
    assert [row[5] for row in read(body)] == [2019, 2023, 2023, 2023]


def test_an_indicator_behind_a_comma_is_of_the_next_record() -> None:
    assert short("{I:项目}{V:3}{U:个}、{V:9}{U:亩}，{I:厂房}{V:2}{U:栋}。") == [
        "项目 3 个 @",
        "项目 9 亩 @",
        "厂房 2 栋 @",
    ]


def test_keys_share_and_pair_by_order() -> None:
    shared = "{I1:签约率}、{I2:亮牌率}均达{V1,2:98}{U1,2:%}。"
    assert short(shared) == ["签约率 98 % @", "亮牌率 98 % @"]
    paired = "{I1,2:城镇和农村收入}分别{G1:下降5%}、{G2 r=-6:6%}。{I1:人口}{V1:9}{U1:人}"
    assert short(paired) == ["城镇和农村收入 下降5% @", "城镇和农村收入 6% @", "人口 9 人 @"]
    assert [row[8] for row in read(paired)] == [None, Decimal(-6), None]


def test_letter_keys_reach_over_sentences() -> None:
    assert short("{Ia:水库}开工{Va:3}{Ua:座}。其中建成{Vb:1}{Ub:座}{Ib:水塔}。") == [
        "水库 3 座 @",
        "水塔 1 座 @",
    ]


@pytest.mark.parametrize(
    ("body", "dated"),
    [
        ("{Y:全年}{I:甲}{V:1}。{I:乙}{V:2}。\n{I:丙}{V:3}。", ["全年", "全年", ""]),
        (
            "{Y:全年}{I:甲}{V:1}。{Y.:三年来}{I:乙}{V:2}；{I:丙}{V:3}。{I:丁}{V:4}",
            ["全年", "三年来", "三年来", "全年"],
        ),
        ("{Y:全年}{Y;:5月以来}{I:甲}{V:1}；{I:乙}{V:2}", ["5月以来", "全年"]),
        ("{I:甲}{V:1}，{Y;:5月以来}{I:乙}{V:2}；{I:丙}{V:3}", ["", "5月以来", ""]),
        ("{Y:全年}{I:甲}{V 2019:1}，{I:乙}{V -:2}，{I:丙}{V:3}", ["", "", "全年"]),
        ("{Y:全年}{I1,2:甲}由{Y1 2019:2019年}的{V1:1}增至{V2:2}", ["2019年", "全年"]),
        ("{Y:全年}{I:甲}{V:1}。 {I:乙}{V:2}。", ["全年", ""]),
    ],
)
def test_reach_of_a_year(body: str, dated: list[str]) -> None:
    assert [row[4] or "" for row in read(body)] == dated


def test_year_and_kind_come_from_the_section_the_year_span_or_the_quantity() -> None:
    body = "{I:甲}{V:1}。\n{@2024 t}{I:乙}{V:2}，{Y. 2025:2025年}{I:丙}{V:3}。{I:丁}{V 2022 a 余:4}余"
    kinds = [(row[5], row[6], row[7]) for row in read(body)]
    expected = [
        (2023, "actual", None),
        (2024, "target", None),
        (2025, "target", None),
        (2022, "actual", "余"),
    ]
    assert kinds == expected


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("甲\n{I:水库", r"a\.md:9: stray '\{'"),
        ("水库}", r"a\.md:8: stray '\}'"),
        ("{X:水库}", r"a\.md:8: unknown mark \{X:水库\}; the slots are I V U G Y"),
        ("{I;:水库}", r"a\.md:8: .*only a Y without keys has a reach"),
        ("{I:}", r"a\.md:8: an empty mark"),
        ("\n\n{I:水库、}", r"a\.md:10: '水库、' has '、' at its edge"),
        ("{I: 水库}", r"a\.md:8: ' 水库' has ' ' at its edge"),
        ("{I:水。库}", r"a\.md:8: '水。库' crosses a sentence end"),
        ("{I:甲{V:1}}", r"a\.md:8: stray '\{'"),
        ("{I:水库}", r"a\.md:8: \{I:水库\} belongs to no quantity"),
        ("甲。\n{V:3}{U:座}", r"a\.md:9: \{V:3\} has no indicator"),
        ("{I:甲}{G:增长3%}{U:座}", r"a\.md:8: \{U:座\} is a unit without a value"),
        ("{I1:甲}{V1:3}{V1:4}", r"a\.md:8: \{V:4\} is a second value for the key 1"),
        ("{I:甲}{V 余:3}", r"a\.md:8: \{V:3\} has the qualifier 余, which does not stand"),
        ("{I:甲}{V 2020 2021:3}", r"a\.md:8: a mark says both 2020 and 2021"),
        ("{I 余:甲}{V:3}余", r"a\.md:8: \{I 余:甲\}: attributes stand on a V or G"),
        ("{Y t:全年}{I:甲}{V:3}", r"a\.md:8: \{Y t:全年\}: attributes stand on a V or G, a year also on a Y"),
        ("{I1:甲}{Y1:全年}{Y1:今年}{V1:3}", r"a\.md:8: \{Y:今年\} is a second year for the key 1"),
        ("{I:甲}{V 2020:3}，{G 2021:增长1%}", r"a\.md:8: \{V:3\} has two values for year"),
        ("{I:甲}{V x:3}", r"a\.md:8: unknown attribute 'x'"),
        ("{I:甲}{G r=多:增长多}", r"a\.md:8: r=多 is no number"),
        ("{Y:2019年}{I:甲}{V:3}", r"a\.md:8: \{Y:2019年\} names another year than its section's 2023"),
        ("{I:甲}{V:3}{Y:全年}", r"a\.md:8: \{Y:全年\} dates no record"),
    ],
)
def test_errors_cite_file_and_line(body: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse(FRONT + body, "a.md")


def test_all_problems_of_a_file_are_named_at_once() -> None:
    with pytest.raises(DataError) as raised:
        parse(FRONT + "{I:水库}\n{V:3}{U:座}\n", "a.md")
    assert [line.split(" ")[0] for line in str(raised.value).splitlines()] == ["a.md:8:", "a.md:9:"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("没有前言", "a.md:1: no front matter"),
        ("+++\nid = \n+++\n", "a.md:1: front matter is no TOML"),
        ('+++\nid = "a"\n+++\n', "a.md:1: front matter lacks title, publisher, district, report_year"),
    ],
)
def test_front_matter_errors(source: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse(source, "a.md")


def test_render_refuses_what_it_cannot_say() -> None:
    spans = {"indicator": (0, 1), "value": (2, 3)}
    other = {"indicator": (1, 2), "value": (2, 3)}
    records = (GoldRecord(spans, 2022, Kind.ACTUAL), GoldRecord(other, 2023, Kind.ACTUAL))
    report = GoldReport(Document("a", "甲乙3", METADATA, (), ()), records)
    with pytest.raises(DataError, match="cannot say how its records share"):
        render(report)


def test_command_writes_gold_and_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "甲.md"
    source.write_text(FRONT + "建成{V:3}{U:座}{I:水库}。\n", encoding="utf-8")
    gold = tmp_path / "out" / "gold.jsonl"
    assert main([str(source), "-o", str(gold)]) == 0
    assert [report.records for report in read_gold(gold)] == [
        parse(source.read_text(encoding="utf-8")).records
    ]
    assert (tmp_path / "out" / "texts" / "a.txt").read_bytes() == "建成3座水库。\n".encode()

    source.write_text(FRONT + "{I:水库}", encoding="utf-8")
    assert main([str(source), "-o", str(gold)]) == 3
    assert "甲.md:8" in capsys.readouterr().err


METADATA = Metadata(title="甲", publisher="乙", district="丙", report_year=2023)
_words = st.from_regex(r"[粮食产量5][水库{}\\\\]{0,3}[%增长]", fullmatch=True)
_gaps = st.text(alphabet="，、。\n 的{}\\", max_size=4)


@st.composite
def gold_reports(draw: st.DrawFn) -> GoldReport:
    """A text of marked words and gaps; records share indicators and YEAR spans, never quantities."""
    text, words = draw(_gaps), []
    for _ in range(draw(st.integers(4, 16))):
        word = draw(_words)
        words.append((len(text), len(text) + len(word)))
        text += word + "余" + draw(_gaps)
    indicators, years, quantities = words[::4], words[1::4], words[2::4]
    units = dict(zip(quantities, words[3::4], strict=False))
    records = []
    for quantity in quantities:
        slot = draw(st.sampled_from(["value", "growth"]))
        spans = {slot: quantity, "indicator": draw(st.sampled_from(indicators))}
        if slot == "value" and quantity in units and draw(st.booleans()):
            spans["unit"] = units[quantity]
        if draw(st.booleans()):
            spans["year"] = draw(st.sampled_from(years))
        year, kind = draw(st.integers(1990, 2030)), draw(st.sampled_from(Kind))
        qualifier, rate = (
            draw(st.sampled_from([None, "余"])),
            draw(st.none() | st.decimals(-99, 99, places=1)),
        )
        records.append(GoldRecord(spans, year, kind, qualifier, rate))
    return GoldReport(Document("a", text, METADATA, (), ()), tuple(records))


@given(gold_reports())
@settings(max_examples=60, deadline=None)
def test_gold_survives_the_way_to_inline_and_back(report: GoldReport) -> None:
    back = parse(render(report))
    assert back.document.text == report.document.text
    assert back.records == tuple(sorted(report.records, key=order))
