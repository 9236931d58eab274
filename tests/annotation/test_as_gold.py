"""Records as annotations: what is kept, what is left to be derived again."""

from __future__ import annotations

from decimal import Decimal

from annotation.as_gold import gold_record
from zhibiao.assemble import assemble
from zhibiao.documents import build
from zhibiao.rules import RulePredictor
from zhibiao.schema import Document, GoldRecord, GoldReport, Kind
from zhibiao.scoring import score_report


def annotated(text: str) -> tuple[Document, list[GoldRecord]]:
    document = build(text, id="a")
    records = [record for one in RulePredictor().predict([document]) for record in assemble(one)]
    gold = [gold_record(record) for record in records]
    score = score_report(GoldReport(document, tuple(gold)), records)
    assert all(comparison.differing == () for comparison in score.comparisons)
    return document, gold


def test_year_kind_and_qualifier_are_kept() -> None:
    _, (record,) = annotated("一、2024年工作安排\n力争全年新增泊位超500个。")
    assert (record.year, record.kind, record.qualifier) == (2024, Kind.TARGET, "超")


def test_the_growths_qualifier_is_kept_where_the_value_has_none() -> None:
    _, (record,) = annotated("税收收入增长8%以上。")
    assert record.qualifier == "以上"


def test_a_context_is_no_slot_of_gold() -> None:
    _, gold = annotated("全市共有公园36个，总数增长5%，占全省的8%。")
    assert gold
    assert all(set(record.spans) <= {"indicator", "value", "unit", "growth", "year"} for record in gold)


def test_a_rate_is_written_only_where_its_span_does_not_give_it() -> None:
    document, gold = annotated("盗窃案件、诈骗案件分别下降18.3%和24.6%。")
    rates = {document.quote(record.spans["growth"]): record.growth_rate for record in gold}
    assert rates == {"下降18.3%": None, "24.6%": Decimal("-24.6")}
