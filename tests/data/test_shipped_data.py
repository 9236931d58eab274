"""The fictional reports under data/: their gold follows the guide and they hold what they are meant to."""

import re
import tomllib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from annotation.inline import parse_file, render
from annotation.inline.__main__ import build, table
from zhibiao.jsonl import read_gold
from zhibiao.schema import GoldRecord, GoldReport, Kind

DATA = Path(__file__).parents[2] / "data"
SOURCES = sorted((DATA / "inline").glob("*.md"))
REPORTS = list(read_gold(DATA / "gold.jsonl"))
every_report = pytest.mark.parametrize("report", REPORTS, ids=[report.document.id for report in REPORTS])


def quote(report: GoldReport, record: GoldRecord, slot: str) -> str:
    return report.document.quote(record.spans[slot]) if slot in record.spans else ""


def test_gold_and_texts_are_what_the_inline_sources_give(tmp_path: Path) -> None:
    build(SOURCES, tmp_path / "gold.jsonl")
    assert (tmp_path / "gold.jsonl").read_bytes() == (DATA / "gold.jsonl").read_bytes()
    built = {path.name: path.read_bytes() for path in (tmp_path / "texts").iterdir()}
    assert built == {path.name: path.read_bytes() for path in (DATA / "texts").iterdir()}


@pytest.mark.parametrize("source", SOURCES, ids=[source.stem for source in SOURCES])
def test_rendering_the_gold_inline_loses_nothing(source: Path, tmp_path: Path) -> None:
    report = parse_file(source)
    rendered = tmp_path / "rendered.md"
    rendered.write_bytes(render(report).encode("utf-8"))
    assert parse_file(rendered) == report


def test_the_datasheet_states_the_figures_of_the_gold() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    assert "\n".join(table(REPORTS)) in readme


def test_districts_levels_and_years_differ() -> None:
    districts = {report.document.metadata.district for report in REPORTS}
    assert len(districts) == len(REPORTS) >= 6
    assert len({report.extra["level"] for report in REPORTS}) >= 5
    assert len({report.document.metadata.report_year for report in REPORTS}) >= 6


def test_splits_give_every_district_one_part() -> None:
    splits = tomllib.loads((DATA / "splits.toml").read_text(encoding="utf-8"))
    named = [name for part in ("train", "dev", "test") for name in splits[part]]
    assert sorted(named) == sorted(str(report.document.metadata.district) for report in REPORTS)


def test_no_two_reports_share_twenty_chinese_characters() -> None:
    seen: dict[str, str] = {}
    for report in REPORTS:
        han = re.sub(r"[^\u4e00-\u9fff]", "", report.document.text)
        for run in {han[i : i + 20] for i in range(len(han) - 19)}:
            assert seen.setdefault(run, report.document.id) == report.document.id, run


@every_report
def test_size(report: GoldReport) -> None:
    assert 1500 <= len(re.findall(r"[\u4e00-\u9fff]", report.document.text)) <= 3500
    assert 40 <= len(report.records) <= 130


@every_report
def test_spans_carry_no_edge_punctuation_and_cross_no_sentence_end(report: GoldReport) -> None:
    for record in report.records:
        for slot in record.spans:
            text = quote(report, record, slot)
            assert re.fullmatch(r"[^\s，。、；：？！“”‘’（）《》,;:!?()].*", text), text
            assert re.fullmatch(r".*[^\s，。、；：？！“”‘’（）《》,;:!?()]", text), text
            assert not re.search(r"[。！？；;\n]", text), text


@every_report
def test_spans_do_not_overlap(report: GoldReport) -> None:
    spans = sorted({offsets for record in report.records for offsets in record.spans.values()})
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


@every_report
def test_a_record_stands_in_one_sentence_but_for_its_year(report: GoldReport) -> None:
    ends = [match.end() for match in re.finditer(r"[。！？!?\n]", report.document.text)]
    for record in report.records:
        inside = [offsets for slot, offsets in record.spans.items() if slot != "year"]
        first, last = min(inside)[0], max(end for _, end in inside)
        assert not [end for end in ends if first < end < last], quote(report, record, "indicator")


@every_report
def test_a_unit_touches_its_value_or_a_word_of_excess(report: GoldReport) -> None:
    for record in report.records:
        if "unit" in record.spans:
            between = report.document.text[record.spans["value"][1] : record.spans["unit"][0]]
            assert between in ("", "余", "多"), quote(report, record, "indicator")


@every_report
def test_a_growth_holds_its_direction_or_the_record_its_rate(report: GoldReport) -> None:
    for record in report.records:
        growth = quote(report, record, "growth")
        if re.fullmatch(r"[\d.]+%", growth) and record.growth_rate is None:
            before = report.document.text[: record.spans["growth"][0]][-40:]
            assert re.search(r"(增长|提高)[\d.]+%[、和]([\d.]+%[、和])*$", before), growth


@every_report
def test_years_are_near_the_report(report: GoldReport) -> None:
    reviewed = report.document.metadata.report_year
    assert reviewed is not None
    for record in report.records:
        assert record.year is not None
        if record.kind is Kind.TARGET:
            assert reviewed < record.year <= reviewed + 5
        else:
            assert reviewed - 5 <= record.year <= reviewed


@every_report
def test_a_stated_qualifier_stands_beside_a_quantity(report: GoldReport) -> None:
    for record in report.records:
        if record.qualifier:
            spans = [record.spans[slot] for slot in ("value", "growth", "unit") if slot in record.spans]
            near = report.document.text[min(spans)[0] - 5 : max(spans)[1] + 3]
            assert record.qualifier in near, near


@every_report
def test_ranks_document_numbers_and_hotlines_are_no_records(report: GoldReport) -> None:
    text = report.document.text
    no_records = re.compile(
        r"第[一二三四五六七八九十\d]+|〔\d{4}〕\d+号|12345热线|24小时|5G|4G|\d+分钟生活圈"
    )
    taken = {offset for record in report.records for offset in range(*record.spans.get("value", (0, 0)))}
    for match in no_records.finditer(text):
        assert taken.isdisjoint(range(*match.span())), match.group()


def _any_record(holds: Callable[[GoldReport, GoldRecord], object]) -> Callable[[GoldReport], bool]:
    return lambda report: any(holds(report, record) for record in report.records)


def _any_text(pattern: str) -> Callable[[GoldReport], bool]:
    return lambda report: bool(re.search(pattern, report.document.text))


def _slot(slot: str, pattern: str) -> Callable[[GoldReport], bool]:
    return _any_record(lambda report, record: re.fullmatch(pattern, quote(report, record, slot)))


def _shares(slot: str, other: str) -> Callable[[GoldReport], bool]:
    """Two records with the same `slot` and different `other`."""
    return lambda report: any(
        a.spans.get(slot) == b.spans.get(slot) is not None and a.spans.get(other) != b.spans.get(other)
        for a in report.records
        for b in report.records
    )


PHENOMENA = {
    "half-width commas": lambda report: report.document.text.count(",") > 50,
    "full-width commas": lambda report: report.document.text.count("，") > 50,
    "no line breaks": lambda report: "\n" not in report.document.text.strip(),
    "headings 一、 （一） 1.": _any_text(r"\n[（(]一[）)][\s\S]*\n"),
    "numbered with figures": _any_text(r"\n2\."),
    "prose with dashes": _any_text(r"\n——"),
    "one indicator, several values": _shares("indicator", "value"),
    "several indicators, one value": _shares("value", "indicator"),
    "one year, many records": _shares("year", "indicator"),
    "quantity before its noun": _any_record(
        lambda report, record: (
            record.spans.get("value", (0, 0))[1] in range(1, record.spans["indicator"][0] + 1)
        )
    ),
    "list with a shared head": _slot("indicator", r".+[、和].+人均可支配收入"),
    "sign from the first of a list": _any_record(lambda report, record: record.growth_rate is not None),
    "nesting": _any_text("其中"),
    "negative growth": _slot("growth", r".*下降.*"),
    "narrowing": _slot("growth", r".*收窄.*"),
    "growth in times": _slot("growth", r"增长近?[\d.]+倍"),
    "doubling": _slot("growth", r"翻.*番"),
    "two growth rates": _slot("growth", r"两年平均增长.*"),
    "growth alone": _any_record(lambda report, record: "value" not in record.spans),
    "range": _slot("value", r"\d+—\d+"),
    "growth range": _slot("growth", r".*%—.*%"),
    "Chinese numeral": _slot("value", r"[一二三四五六七八九十两百千万]+"),
    "Chinese numeral cut off by 余": _any_record(
        lambda report, record: (
            record.qualifier == "余" and quote(report, record, "value") in ("百", "八千", "两千")
        )
    ),
    "tenths": _slot("unit", "成"),
    "fraction": _slot("value", ".分之."),
    "ratio": _slot("value", r"[\d.]+:[\d.]+(:[\d.]+)?"),
    "multiple of an earlier year": _slot("unit", "倍"),
    "separators": _slot("value", r"\d+,\d+"),
    "abbreviation": _slot("indicator", ".*(GDP|R&D|PM2.5|5G).*"),
    "earlier year": _any_record(
        lambda report, record: record.year == report.document.metadata.report_year - 5
    ),
    "target with a deadline of its own": _any_record(
        lambda report, record: (
            record.kind is Kind.TARGET and record.year > report.document.metadata.report_year + 1
        )
    ),
    "look back in a plan": _any_record(
        lambda report, record: record.kind is Kind.ACTUAL and quote(report, record, "year") == "去年"
    ),
    "quarters": _slot("year", "[一二]季度"),
    "cumulative months": _slot("year", "1-11月"),
    "months since": _slot("year", r"\d月份以来"),
    "several years": _slot("year", "三年来"),
    "quote at an edge": _slot("indicator", "[^“]+”.+"),
    "share of a plan": _any_text("年度(任务|计划)的"),
    "document number": _any_text(r"〔\d{4}〕\d+号"),
}


@pytest.mark.parametrize("phenomenon", PHENOMENA)
def test_phenomenon_occurs(phenomenon: str) -> None:
    assert any(PHENOMENA[phenomenon](report) for report in REPORTS)
