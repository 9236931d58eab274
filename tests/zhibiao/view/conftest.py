"""Fictional reports with records made by hand, in the shapes that matter: shared, distant, missing spans."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhibiao.schema import Kind, Measure, Period, PeriodKind, Record
from zhibiao.view import ReportView

LAKE = (
    "澄湖街道2031年工作总结\r\n"
    "\n"
    "一、2031年工作回顾\n"
    "2031年,澄湖街道完成财政总收入6.45亿元,同比增长12.5%;引进企业394家🎉,其中亿元项目13个。\n"
    "全年办结率、满意率均达到98.6%。<script>window.hacked=1;alert(1)</script>走访𠮷祥里住户逾1800户。\n"
    "二、2032年工作打算\n"
    "力争建成口袋公园5个,改造老旧小区12个。\n"
)
HILL = "栖霞岭街道年度报告\n今年以来,新增绿地2.3万平方米,失业率降至3.1%;总数较上年下降5%。\n"

SCALES: dict[str | None, int] = {"亿元": 10**8, "万平方米": 10**4}
SIGNED = {"同比增长12.5%": Decimal("12.5"), "较上年下降5%": Decimal(-5)}


class Writer:
    """Makes records of one report; slots quote the evidence; `when`, the YEAR span, may stand before it."""

    def __init__(self, report_id: str, text: str) -> None:
        self.report_id, self.text = report_id, text

    def record(
        self, evidence: str, *, year: int | None = 2031, kind: Kind = Kind.ACTUAL, **slots: str
    ) -> Record:
        start = self.text.index(evidence)
        end = start + len(evidence)
        spans = {
            "year" if slot == "when" else slot: self._find(slot, q, start, end) for slot, q in slots.items()
        }
        if "unit" in slots:
            spans["unit"] = self._find("unit", slots["unit"], spans["value"][1], end)
        value, unit, growth = slots.get("value"), slots.get("unit"), slots.get("growth")
        return Record(
            report_id=self.report_id,
            title=f"{self.report_id}的报告",
            publisher=None,
            district="云汐区" if self.report_id == "lake" else "北麓区",
            city="云汐市",
            report_year=2031,
            indicator=slots["indicator"],
            indicator_context=slots.get("context"),
            indicator_code="fiscal_revenue" if "财政" in slots["indicator"] else None,
            value=Decimal(value) if value else None,
            value_text=value,
            unit=unit,
            value_base=Decimal(value) * SCALES.get(unit, 1) if value else None,
            unit_base="元" if unit == "亿元" else unit,
            measure=Measure.LEVEL if value else None,
            year=year,
            period=Period("2031-01", "2031-12", PeriodKind.WHOLE_YEAR),
            growth_rate=SIGNED[growth] if growth else None,
            growth_unit="%" if growth else None,
            growth_text=growth,
            comparison="同比" if growth else None,
            qualifier="逾" if value == "1800" else None,
            bounds=(Decimal(1800), None) if value == "1800" else None,
            growth_qualifier=None,
            growth_bounds=None,
            kind=kind,
            confidence=None,
            confidences=None,
            method="rules",
            spans=spans,
            evidence=evidence,
        )

    def _find(self, slot: str, quote: str, start: int, end: int) -> tuple[int, int]:
        at = self.text.rindex(quote, 0, end) if slot == "when" else self.text.index(quote, start, end)
        return (at, at + len(quote))


MONEY = "2031年,澄湖街道完成财政总收入6.45亿元,同比增长12.5%;"
FIRMS = "引进企业394家🎉,其中亿元项目13个。"
RATES = "全年办结率、满意率均达到98.6%。"
VISITS = "<script>window.hacked=1;alert(1)</script>走访𠮷祥里住户逾1800户。"
PLAN = "力争建成口袋公园5个,改造老旧小区12个。"


def lake_records() -> tuple[Record, ...]:
    """Seven records: one YEAR dates three, two share a VALUE, one names its context."""
    write = Writer("lake", LAKE).record
    return (
        write(
            MONEY, indicator="财政总收入", value="6.45", unit="亿元", growth="同比增长12.5%", when="2031年"
        ),
        write(FIRMS, indicator="引进企业", value="394", unit="家", when="2031年"),
        write(FIRMS, indicator="亿元项目", value="13", unit="个", when="2031年", context="引进企业"),
        write(RATES, indicator="办结率", value="98.6", unit="%", when="全年"),
        write(RATES, indicator="满意率", value="98.6", unit="%", when="全年"),
        write(VISITS, indicator="住户", value="1800", unit="户"),
        write(PLAN, indicator="口袋公园", value="5", unit="个", year=2032, kind=Kind.TARGET),
    )


def hill_records() -> tuple[Record, ...]:
    """Three records, one of growth alone."""
    write = Writer("hill", HILL).record
    sentence, rest = HILL.splitlines()[1].split(";")
    return (
        write(f"{sentence};", indicator="绿地", value="2.3", unit="万平方米", when="今年以来"),
        write(f"{sentence};", indicator="失业率", value="3.1", unit="%", when="今年以来"),
        write(rest, indicator="总数", growth="较上年下降5%"),
    )


@pytest.fixture
def lake() -> ReportView:
    return ReportView("lake", "澄湖街道2031年工作总结", LAKE, lake_records())


@pytest.fixture
def hill() -> ReportView:
    return ReportView("hill", "栖霞岭街道年度报告", HILL, hill_records())


@pytest.fixture(scope="session")
def model_record() -> Record:
    """A record to make others from; of the session, as hypothesis asks."""
    return lake_records()[1]
