"""Each check on sentences that contradict each other, and on their nearest harmless neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from zhibiao.audit import Certainty, Check, Finding, Part, Severity, reason
from zhibiao.view.lang import Lang

Run = Callable[..., list[Finding]]


def only(findings: list[Finding], check: Check) -> Finding:
    assert [finding.check for finding in findings] == [check]
    return findings[0]


def said(finding: Finding) -> list[tuple[Part, str]]:
    return [(side.part, side.record.value_text or side.record.growth_text) for side in finding.sides]


# Growth


def test_a_value_that_its_growth_does_not_lead_to(audit_of: Run) -> None:
    finding = only(
        audit_of((2030, "货物进出口总额80.5亿元。", ""), (2031, "货物进出口总额96.6亿元，增长5.2%。", "")),
        Check.GROWTH,
    )
    assert said(finding) == [(Part.STATED, "96.6"), (Part.EARLIER, "80.5")]
    assert finding.severity is Severity.HIGH
    assert finding.certainty is Certainty.LIKELY
    assert "19.9 – 20.1%" in reason(finding, Lang.ZH)
    assert "19.9 – 20.1%" in reason(finding, Lang.EN)


def test_a_fall_that_is_called_a_rise(audit_of: Run) -> None:
    finding = only(
        audit_of((2030, "货物进出口总额80.5亿元。", ""), (2031, "货物进出口总额70.5亿元，增长5.2%。", "")),
        Check.GROWTH,
    )
    assert finding.reason == "growth_opposite"


@pytest.mark.parametrize(
    "review",
    [
        "货物进出口总额84.7亿元，增长5.2%。",
        "货物进出口总额96.6亿元，同口径增长5.2%。",
        "货物进出口总额超96.6亿元，增长5.2%。",
        "货物进出口总额96.6亿元，年均增长5.2%。",
        "松汀县货物进出口总额96.6亿元，增长5.2%。",
    ],
)
def test_growth_that_fits_or_is_of_something_else(audit_of: Run, review: str) -> None:
    assert audit_of((2030, "货物进出口总额80.5亿元。", ""), (2031, review, "")) == []


def test_constant_prices_are_allowed_for(audit_of: Run) -> None:
    base = (2030, "地区生产总值800.0亿元。", "")
    assert audit_of(base, (2031, "地区生产总值880.0亿元，增长5.0%。", "")) == []
    assert (
        only(audit_of(base, (2031, "地区生产总值980.0亿元，增长5.0%。", "")), Check.GROWTH).hint == "prices"
    )


def test_a_mean_that_does_not_lead_from_start_to_end(audit_of: Run) -> None:
    wrong = "货物进出口总额从2025年的50.0亿元增加到2030年的80.5亿元，年均增长6.0%。"
    assert only(audit_of((2030, wrong, "")), Check.GROWTH).reason == "mean"
    assert audit_of((2030, wrong.replace("6.0%", "10.0%"), "")) == []


# Stated twice


def test_two_figures_in_one_report(audit_of: Run) -> None:
    finding = only(
        audit_of((2030, "全市常住人口83.2万人。开展人口普查，全市常住人口为88.4万人。", "")), Check.DUPLICATE
    )
    assert finding.reason == "duplicate_within"
    assert said(finding) == [(Part.STATED, "83.2"), (Part.OTHER, "88.4")]


def test_a_later_report_with_another_figure(audit_of: Run) -> None:
    first = (2030, "货物进出口总额80.5亿元。", "")
    finding = only(audit_of(first, (2031, "2030年，货物进出口总额82.9亿元。", "")), Check.DUPLICATE)
    assert (finding.reason, finding.hint) == ("duplicate_between", "revised")


@pytest.mark.parametrize(
    "review",
    [
        "货物进出口总额80.5亿元。全市货物进出口总额80.46亿元。",
        "货物进出口总额80.5亿元。全市货物进出口总额突破80亿元。",
        "货物进出口总额从62.1亿元增加到80.5亿元。",
        "货物进出口总额80.5亿元。松汀县货物进出口总额60.2亿元。",
    ],
)
def test_the_same_figure_said_otherwise(audit_of: Run, review: str) -> None:
    assert audit_of((2030, review, "")) == []


# Unit slips


def test_a_value_ten_thousand_times_too_small(audit_of: Run) -> None:
    years = [(2030, "货物进出口总额80.5亿元。", ""), (2031, "货物进出口总额84.1亿元。", "")]
    finding = only(audit_of(*years, (2032, "货物进出口总额88.3万元。", "")), Check.UNIT_SLIP)
    assert (finding.certainty, finding.year) == (Certainty.LIKELY, 2032)
    assert audit_of(*years, (2032, "货物进出口总额88.3亿元。", "")) == []


# Parts


def test_a_part_above_its_total(audit_of: Run) -> None:
    finding = only(audit_of((2030, "货物进出口总额80.5亿元，其中出口95.1亿元。", "")), Check.PARTS)
    assert finding.reason == "part_above"
    assert audit_of((2030, "货物进出口总额80.5亿元，其中出口55.1亿元。", "")) == []


def test_parts_that_add_up_to_more(audit_of: Run) -> None:
    finding = only(
        audit_of((2030, "货物进出口总额80.5亿元，其中出口50.1亿元、进口45.2亿元。", "")), Check.PARTS
    )
    assert (finding.reason, len(finding.sides)) == ("parts_sum", 3)


def test_industries_that_fall_short_of_gdp(audit_of: Run) -> None:
    review = "三产增加值400.0亿元。全市GDP为800.0亿元。一产增加值{}亿元。二产增加值300.0亿元。"
    assert only(audit_of((2030, review.format("60.0"), "")), Check.PARTS).reason == "parts_short"
    assert audit_of((2030, review.format("100.0"), "")) == []


def test_a_structure_that_is_not_a_hundred(audit_of: Run) -> None:
    assert only(audit_of((2030, "三次产业结构为9.1:39.4:53.5。", "")), Check.PARTS).reason == "structure"
    assert audit_of((2030, "三次产业结构为9.1:39.4:51.5。", "")) == []


# Shares and signs


def test_a_share_above_a_hundred(audit_of: Run) -> None:
    finding = only(audit_of((2030, "城市污水处理率达到102.4%。", "")), Check.SHARE)
    assert (finding.certainty, finding.severity) == (Certainty.LIKELY, Severity.MEDIUM)
    assert audit_of((2030, "固定资产投资完成年度计划的102.4%。城市污水处理率达到100%。", "")) == []


def test_a_sign_against_its_word(audit_of: Run, extract) -> None:
    (record,) = extract(2030, "货物进出口总额80.5亿元，下降5.2%。")
    assert audit_of([record]) == []
    wrong = replace(record, growth_rate=Decimal("5.2"))
    assert only(audit_of([wrong]), Check.SIGN).reason == "sign"


def test_a_rise_that_falls(audit_of: Run) -> None:
    finding = only(audit_of((2030, "城镇化率由63.5%提高到61.2%。", "")), Check.SIGN)
    assert said(finding) == [(Part.START, "63.5"), (Part.END, "61.2")]
    assert audit_of((2030, "城镇化率由61.2%提高到63.5%。", "")) == []


# Targets


def test_a_target_that_was_not_reached(audit_of: Run) -> None:
    plan = (2030, "货物进出口总额80.5亿元。", "货物进出口总额增长8%。")
    finding = only(audit_of(plan, (2031, "货物进出口总额增长6.1%。", "")), Check.TARGET)
    assert said(finding) == [(Part.TARGET, "增长8%"), (Part.ACTUAL, "增长6.1%")]
    assert audit_of(plan, (2031, "货物进出口总额增长8.3%。", "")) == []


def test_a_ceiling_that_was_passed(audit_of: Run) -> None:
    plan = (2030, "", "城镇调查失业率控制在5.5%以内。")
    finding = only(audit_of(plan, (2031, "城镇调查失业率为6.1%。", "")), Check.TARGET)
    assert finding.reason == "target_ceiling"
    assert audit_of(plan, (2031, "城镇调查失业率为5.1%。", "")) == []


def test_more_research_than_planned_is_no_shortfall(audit_of: Run) -> None:
    plan = (2030, "", "全社会研发投入强度达到2.75%。")
    assert audit_of(plan, (2031, "全社会研发投入强度达到2.88%。", "")) == []
    assert only(audit_of(plan, (2031, "全社会研发投入强度达到2.61%。", "")), Check.TARGET).reason == "target"


def test_net_and_gross_are_not_compared(audit_of: Run) -> None:
    plan = (2030, "", "新增市场主体3.2万户。")
    assert audit_of(plan, (2031, "净增市场主体1.9万户。", "")) == []
    only(audit_of(plan, (2031, "新增市场主体1.9万户。", "")), Check.TARGET)
