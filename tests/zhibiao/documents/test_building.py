from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.documents import build
from zhibiao.documents.sentences import BLANKS, BREAKS
from zhibiao.schema import Document, Source

PIECES = st.sampled_from(
    [
        "一、2022年工作回顾",
        "二、2023年工作安排",
        "（一）修路",
        "1.种树",
        "三是治水",
        "回眸2022",
        "今年预期目标是：",
        "各位代表！",
        "2023年是",
        "在云岭市第九届人大",
        "我代表云岭市人民政府",
        "发布日期：2023-01-02",
        "政府工作报告",
        "索引号:",
        "。",
        "；",
        "，",
        "收入3.5亿元",
        "”",
        "\ud800",
        "二〇二三年一月",
        "市",
        "区",
        "１２",
        "٣",
        "\U00020000",
        "\x00",
        " ",
        "\n",
        "\r\n",
        "\u3000",
    ]
)
TEXTS = st.one_of(st.text(st.characters(exclude_categories=())), st.lists(PIECES, max_size=60).map("".join))


def check(doc: Document) -> None:
    """What holds of every Document."""
    text, ends = doc.text, [section.end for section in doc.sections]
    assert [section.start for section in doc.sections] == [0, *ends][: len(ends)]
    assert (ends[-1] if ends else 0) == len(text)
    last = 0
    for sentence in doc.sentences:
        assert not text[last : sentence.start].strip(BLANKS + BREAKS)
        section = doc.sections[sentence.section]
        assert section.start <= sentence.start < sentence.end <= section.end
        last = sentence.end
    assert not text[last:].strip(BLANKS + BREAKS)
    for section in doc.sections:
        assert section.start < section.end
        if section.heading:
            assert section.start <= section.heading[0] < section.heading[1] <= section.end
    for finding in doc.metadata.findings.values():
        if finding.offsets:
            assert 0 <= finding.offsets[0] < finding.offsets[1] <= len(text)


@given(TEXTS)
def test_any_text_becomes_a_document_that_loses_nothing(text: str) -> None:
    doc = build(text, id="x")
    assert doc.text == text
    check(doc)


@given(TEXTS)
def test_building_is_a_function_of_the_text(text: str) -> None:
    assert build(text, id="x") == build(text, id="x")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\ufeff", "\u3000\n"])
def test_a_text_without_words_has_no_sentences(text: str) -> None:
    doc = build(text, id="x")
    assert doc.sentences == ()
    check(doc)


def test_id_source_and_notes_are_kept() -> None:
    source = Source("a.txt", "0" * 64, "txt", "utf-8")
    doc = build("修路2公里。", id="a", source=source, notes=("a note",))
    assert (doc.id, doc.source, doc.notes[0]) == ("a", source, "a note")


def test_sentences_know_their_section_and_paragraph() -> None:
    doc = build("一、2022年工作回顾\n修路。种树。\n二、2023年工作安排\n治水。", id="x")
    assert [(doc.quote((s.start, s.end)), s.paragraph, s.section) for s in doc.sentences] == [
        ("一、2022年工作回顾", 0, 0),
        ("修路。", 1, 0),
        ("种树。", 1, 0),
        ("二、2023年工作安排", 2, 1),
        ("治水。", 3, 1),
    ]


HOSTILE = {
    "no line break, no mark": "全镇修路" * 250_000,
    "no line break": "全镇修路三公里。 " * 110_000,
    "line breaks only": "\n" * 1_000_000,
    "blanks only": " \u3000" * 500_000,
    "marks only": "。" * 1_000_000,
    "marks and blanks": "。 " * 500_000,
    "quotes only": "。”" * 500_000,
    "places only": "我代表" + "市" * 1_000_000,
    "lines of places": ("区" * 50 + "\n") * 20_000,
    "dates only": "2023年1月在" * 120_000,
    "notices only": "来源:a " * 160_000,
    "numbers only": "1." * 500_000,
    "headings only": "一、2022年工作回顾\n" * 80_000,
    "openers only": "预期目标" * 250_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_million_hostile_characters_take_seconds(text: str) -> None:
    start = time.perf_counter()
    doc = build(text, id="x")
    assert time.perf_counter() - start < 30
    check(doc)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["全镇修路三公里，", "全镇修路三公里。\n", "一、修路\n"])
def test_time_grows_with_the_length_and_not_with_its_square(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.perf_counter()
        build(text, id="x")
        return time.perf_counter() - start

    seconds(100_000)
    assert seconds(1_600_000) < 16 * 8 * max(seconds(100_000), 0.005)
