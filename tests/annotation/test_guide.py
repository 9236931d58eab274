"""The annotators' guide: complete, in step with the schema and the screen, its examples well-formed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from annotation.inline import parse
from annotation.label_studio.screen import FIELDS
from zhibiao.schema import GoldReport, Kind, Label

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "annotation" / "guide.md").read_text("utf-8")
SCREEN = tomllib.loads((ROOT / "annotation" / "label_studio" / "screen.toml").read_text("utf-8"))
FRONT = '+++\nid = "a"\ntitle = "甲镇"\npublisher = "甲镇"\ndistrict = "乙县"\nreport_year = 2023\n+++\n'

BLOCKS = re.findall(r"^```inline (\d+)\n(.*?)^```$", GUIDE, re.M | re.S)
ROWS = re.findall(r"^\| (\d+) \| (.*\{.*) \| (\d+) \|$", GUIDE, re.M)
RULES = re.findall(r"^(\d+)\. \*\*", GUIDE.split("\n## 七")[1].split("\n## ")[0], re.M)


def read(body: str) -> GoldReport:
    return parse(f"{FRONT}{body}\n", "guide.md")


@pytest.mark.parametrize("label", Label)
def test_every_label_stands_there_with_slot_name_and_hotkey(label: Label) -> None:
    words = SCREEN["labels"][label]
    assert f"| {words['hotkey']} | {words['name']} | {label}（`{label.slot}`，记作 {label[0]}） |" in GUIDE


@pytest.mark.parametrize("name", [*FIELDS, *(kind.value for kind in Kind)])
def test_every_field_of_the_screen_is_explained(name: str) -> None:
    assert f"`{name}`" in GUIDE


def test_kinds_have_the_names_and_hotkeys_of_the_screen() -> None:
    for kind in Kind:
        words = SCREEN["kinds"][kind]
        assert f"{words['hotkey']}是{words['name']}" in GUIDE


def test_the_edge_decisions_keep_their_numbers() -> None:
    assert [int(number) for number in RULES] == list(range(1, 22))


def test_every_decision_about_marking_has_an_example() -> None:
    # The first stands in a block of its own; the twentieth is about the layout of a report.
    assert {int(number) for number, *_ in ROWS} == set(range(2, 22)) - {20}


@pytest.mark.parametrize(("count", "body"), BLOCKS)
def test_worked_examples_parse_into_the_records_that_they_say(count: str, body: str) -> None:
    assert len(read(body).records) == int(count)


@pytest.mark.parametrize(("number", "body", "count"), ROWS)
def test_examples_of_the_decisions_hold_as_many_records_as_they_say(
    number: str, body: str, count: str
) -> None:
    report = read(body.replace("`", "") + "。")
    assert len(report.records) == int(count)
    assert all("indicator" in record.spans for record in report.records)


def example(number: int, nth: int = 0) -> GoldReport:
    bodies = [body for row, body, _ in ROWS if int(row) == number]
    return read(bodies[nth].replace("`", "") + "。")


def slot(report: GoldReport, name: str) -> list[str | None]:
    spans = [record.spans.get(name) for record in report.records]
    return [report.document.quote(offsets) if offsets else None for offsets in spans]


def test_examples_say_what_their_decisions_say() -> None:
    assert slot(example(10), "indicator") == ["便民驿站", "便民驿站"]
    assert [record.year for record in example(13).records] == [2021, 2023]
    assert slot(example(15), "indicator") == ["城镇和乡村居民收入"] * 2
    assert [record.growth_rate for record in example(15, 1).records] == [None, -9]
    assert slot(example(16), "indicator") == ["花卉出口", "花卉出口"]
    assert slot(example(6), "unit") == [None]
    assert slot(example(19), "value") == ["88", None]
    assert example(18).records[0].qualifier == "超"


def test_years_reach_as_far_as_the_first_decision_says() -> None:
    (body,) = (body for _, body in BLOCKS if "架设路灯" in body)
    assert slot(read(body), "year") == ["全年", "9月份以来", "全年", "全年", "2025年底", None]
    assert [record.year for record in read(body).records] == [2023] * 4 + [2025, 2023]


def test_the_guide_stays_short_enough_to_be_read() -> None:
    assert 2500 <= len(re.findall("[\u4e00-\u9fff]", GUIDE)) <= 4500
