import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from training.evaluate import GoldSpans, evaluate, halves
from training.evaluation_view import error_lines, tables
from training.report import Findings, Run, figures_of
from zhibiao.documents import build
from zhibiao.errors import DataError
from zhibiao.rules import RulePredictor
from zhibiao.schema import Finding, GoldRecord, GoldReport, Kind, Label, Prediction, Span
from zhibiao.scoring import Counts, SpanMode, gold_spans

TEXT = "一、2023年工作回顾\n全年新增停车位320个，改造老旧小区21处，财政总收入6.45亿元、同比增长8.5%。\n"
RECORDS = (
    {"year": "全年", "indicator": "新增停车位", "value": "320", "unit": "个"},
    {"year": "全年", "indicator": "改造老旧小区", "value": "21", "unit": "处"},
    {"year": "全年", "indicator": "财政总收入", "value": "6.45", "unit": "亿元", "growth": "同比增长8.5%"},
)


def report(id, district="云麓区", records=RECORDS):
    known = {"district": Finding(district, "gold"), "report_year": Finding(2023, "gold")}
    spans = [
        {slot: (TEXT.index(q), TEXT.index(q) + len(q)) for slot, q in record.items()} for record in records
    ]
    return GoldReport(build(TEXT, id=id, known=known), tuple(GoldRecord(s, 2023, Kind.ACTUAL) for s in spans))


REPORTS = [report("b"), report("a", "岚城区"), report("c")]


class Scripted:
    """Finds the gold but for some quotes, which it leaves out or marks otherwise."""

    name = "scripted"

    def __init__(self, without=(), extra=()):
        self.without = without
        self.extra = extra

    def predict(self, documents):
        for document in documents:
            spans = gold_spans(report(document.id))
            kept = [span for span in spans if document.quote(span.offsets) not in self.without]
            yield Prediction(document, tuple(sorted([*kept, *self.extra])), None, "rules")


class Forgetful(Scripted):
    def predict(self, documents):
        yield from list(super().predict(documents))[1:]


class Stopping(Scripted):
    def predict(self, documents):
        yield from list(super().predict(documents))[:-1]


class Editing(Scripted):
    def predict(self, documents):
        for document in documents:
            yield Prediction(replace(document, text=document.text + "。"), (), None, "rules")


class Nothing(Scripted):
    def predict(self, documents):
        yield from (Prediction(document, (), None, "rules") for document in documents)


def test_gold_spans_give_perfect_spans_and_score_the_linking():
    evaluation = evaluate(REPORTS, GoldSpans(REPORTS))
    whole = evaluation.whole()
    assert whole.spans.strict[None].f1 == 1
    assert whole.records.strict == Counts(gold=9, predicted=9, correct=9)
    assert whole.records.slots["year"].accuracy == 1


def test_the_rules_are_a_predictor_like_any_other():
    whole = evaluate(REPORTS, RulePredictor()).whole()
    assert whole.spans.strict[Label.VALUE] == Counts(gold=9, predicted=9, correct=9)
    assert whole.records.strict.gold == 9


def test_a_missed_value_is_a_missed_record():
    evaluation = evaluate(REPORTS[:1], Scripted(without=("21",)))
    assert evaluation.whole().records.strict == Counts(gold=3, predicted=2, correct=2)
    (missed,) = evaluation.reports[0].records.disagreements()
    assert missed.pair.gold.indicator == "改造老旧小区"
    assert missed.pair.predicted is None


def test_a_cut_indicator_is_wrong_and_forgiven_when_relaxed():
    start = TEXT.index("老旧小区")
    cut = Scripted(without=("改造老旧小区",), extra=(Span(start, start + 4, Label.INDICATOR),))
    whole = evaluate(REPORTS[:1], cut).whole()
    assert (whole.records.strict.correct, whole.records.relaxed.correct) == (2, 3)
    assert whole.spans.strict[Label.INDICATOR].correct == 2
    assert whole.spans.modes[Label.INDICATOR][SpanMode.ENT_TYPE].correct == 3


def test_parts_by_report_and_by_group():
    evaluation = evaluate(REPORTS, Scripted(without=("21",)), group_by="district")
    assert [part.name for part in evaluation.by_report()] == ["b", "a", "c"]
    assert {part.name: part.records.strict.gold for part in evaluation.by_group()} == {
        "云麓区": 6,
        "岚城区": 3,
    }
    assert evaluation.whole().spans.strict[Label.VALUE] == Counts(9, 6, 6)


def test_halves_are_every_second_report_by_id():
    reports = [report(name) for name in ("e", "b", "d", "a", "c")]
    assert [r.document.id for r in halves(reports, "even")] == ["a", "c", "e"]
    assert [r.document.id for r in halves(reports, "odd")] == ["b", "d"]


def test_a_predictor_that_loses_a_report_is_refused():
    with pytest.raises(DataError, match="'a' came in the place of 'b'"):
        evaluate(REPORTS, Forgetful())
    with pytest.raises(DataError, match="scripted gave 2 predictions for 3 reports"):
        evaluate(REPORTS, Stopping())


def test_a_report_that_stands_twice_in_the_gold_is_refused():
    with pytest.raises(DataError, match="the gold holds b more than once"):
        evaluate([*REPORTS, REPORTS[0]], RulePredictor())


def test_no_reports_are_an_error():
    with pytest.raises(DataError, match="nothing to evaluate"):
        evaluate([], RulePredictor())


def shown(evaluation, **options):
    console = Console(width=160, record=True, file=StringIO())
    for table in tables(evaluation, **options):
        console.print(table)
    return console.export_text()


def test_tables_show_each_report_and_all_together():
    text = shown(evaluate(REPORTS, Scripted(without=("21",))))
    rows = [re.split(r"\s*[│┃]\s*", line)[1:-1] for line in text.splitlines() if line.startswith("│")]
    assert [row[0] for row in rows] == ["b", "a", "c", "all"] * 3
    assert rows[3] == ["all", "9", "6", "1.000", "0.667", "0.800", "1.000", "0.667", "0.800", "1.000"]
    assert rows[4][2] == "0.800 (0.800)"
    assert "strict 0.800–0.800, relaxed 0.800–0.800" in text


def test_tables_by_group():
    text = shown(evaluate(REPORTS, Scripted(), group_by="district"), grouped=True)
    assert text.count("云麓区") == 3
    assert "│ b " not in text


def test_errors_are_told_with_their_sentence():
    start = TEXT.index("老旧小区")
    cut = Scripted(without=("改造老旧小区", "320"), extra=(Span(start, start + 4, Label.INDICATOR),))
    lines = list(error_lines(evaluate(REPORTS[:1], cut)))
    assert lines[0] == "b: 2 records missed, spurious or wrong"
    assert "missed" in lines[1]
    assert lines[3] == "    gold  新增停车位 | 320个 | 2023 | actual"
    assert lines[4].endswith("] indicator")
    assert lines[5] == f"    {TEXT.splitlines()[1].replace('21', '⟦21⟧')}"
    assert lines[7] == "    found 老旧小区 | 21处 | 2023 | actual"


def test_errors_can_be_limited():
    lines = list(error_lines(evaluate(REPORTS[:1], Scripted(without=("320", "21"))), limit=1))
    assert lines[-2:] == ["  ... and 1 more", "in all: 2 missed"]
    assert list(error_lines(evaluate(REPORTS[:1], Scripted())))[-1] == "in all: no errors"


def test_a_long_sentence_is_shown_around_the_quantity():
    text = "为" * 60 + "改造小区21处，" + "为" * 60
    gold = GoldRecord({"indicator": (60, 64), "value": (64, 66), "unit": (66, 67)}, None, Kind.ACTUAL)
    reports = [GoldReport(build(text, id="x"), (gold,))]
    lines = list(error_lines(evaluate(reports, Nothing())))
    assert lines[2] == f"    …{'为' * 36}改造小区⟦21⟧处，{'为' * 38}…"


def test_a_spurious_record_is_told():
    wanted = [report("x", records=RECORDS[:2])]
    lines = list(error_lines(evaluate(wanted, Scripted())))
    assert any("spurious" in line for line in lines)
    assert any("found 财政总收入 | 6.45亿元 | growth 8.5% | 2023 | actual" in line for line in lines)


def test_the_example_of_the_docs_runs(capsys, monkeypatch):
    root = Path(__file__).resolve().parents[2]
    monkeypatch.chdir(root)
    guide = (root / "docs" / "evaluation.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    exec(compile(example, "docs/evaluation.md", "exec"), {})
    assert float(capsys.readouterr().out.split()[0]) > 0.5


def findings(predictor):
    return Findings(evaluate(REPORTS, predictor), Run("zhibiao evaluate", {}, {}))


def test_json_holds_every_figure():
    figures = json.loads(json.dumps(figures_of(findings(Scripted(without=("21",))))))
    assert figures["predictor"] == "scripted"
    assert figures["all"]["strict"] == {
        "gold": 9,
        "predicted": 6,
        "correct": 6,
        "precision": 1.0,
        "recall": pytest.approx(2 / 3),
        "f1": pytest.approx(0.8),
    }
    assert figures["all"]["strict_interval"] == [pytest.approx(0.8)] * 2
    assert set(figures["reports"]) == {"a", "b", "c"}
    assert figures["all"]["spans"]["VALUE"]["strict_f1"] == pytest.approx(0.8)
    year = figures["all"]["slots"]["year"]
    assert (year["correct"], year["total"], year["accuracy"]) == (6, 6, 1.0)
    assert (year["over_all"]["gold"], year["over_all"]["correct"]) == (9, 6)
    assert set(figures["groups"]) == {"云麓区", "岚城区"}


def test_every_character_is_read_and_a_text_that_was_changed_is_refused():
    evaluation = evaluate(REPORTS, RulePredictor())
    assert [one.unread for one in evaluation.reports] == [0, 0, 0]
    assert all(one.seconds > 0 for one in evaluation.reports)
    with pytest.raises(DataError, match="the prediction is of another text"):
        evaluate(REPORTS[:1], Editing())


def test_characters_outside_all_sentences_are_unread():
    cut = replace(REPORTS[0].document, sentences=REPORTS[0].document.sentences[1:])
    (only,) = evaluate([replace(REPORTS[0], document=cut)], RulePredictor()).reports
    assert only.unread == len("一、2023年工作回顾")
