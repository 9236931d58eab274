"""Folds never cut a district, every report is scored once by a predictor that has not seen its district."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.evaluate import evaluate
from training.leave_one_out import cached, fold_key, folds_of, leave_one_out
from training.tallies import tally
from zhibiao.documents import build
from zhibiao.errors import ConfigError
from zhibiao.rules import RulePredictor
from zhibiao.schema import Finding, GoldRecord, GoldReport, Kind, Label, Prediction, Span

TEXT = "全年新增停车位{}个。"
PLACES = ("云麓区", "岚城区", "棠湾区", "云麓区", "临皋区")


def report(number, district, records=1):
    text = TEXT.format(100 + number)
    record = GoldRecord({"indicator": (2, 7), "value": (7, 10), "unit": (10, 11)}, 2023, Kind.ACTUAL)
    known = {"district": Finding(district, "gold"), "report_year": Finding(2023, "gold")}
    return GoldReport(build(text, id=f"r{number}", known=known), (record,) * records)


REPORTS = [report(number, place) for number, place in enumerate(PLACES)]


class Memory:
    """Knows by heart the numbers that it was trained on, and finds no others."""

    name = "memory"

    def __init__(self, texts):
        self.known = {text[7:10] for text in texts}

    def predict(self, documents):
        for document in documents:
            spans = (Span(2, 7, Label.INDICATOR), Span(7, 10, Label.VALUE), Span(10, 11, Label.UNIT))
            yield Prediction(document, spans if document.text[7:10] in self.known else (), None, "model")


def memory_of(fold):
    return lambda: Memory([report.document.text for report in fold.others])


def test_a_predictor_that_only_remembers_finds_nothing_that_was_left_out():
    everything = evaluate(REPORTS, Memory([report.document.text for report in REPORTS]))
    assert everything.whole().records.strict.correct == 5
    left_out = leave_one_out(folds_of(REPORTS, "district"), memory_of)
    assert left_out.whole().records.strict.gold == 5
    assert left_out.whole().records.strict.predicted == 0
    assert left_out.predictor == "memory, leave-one-out"


def test_rules_score_the_same_whatever_is_left_out():
    left_out = leave_one_out(folds_of(REPORTS, "district"), lambda _: RulePredictor, group_by="district")
    together = evaluate(REPORTS, RulePredictor(), group_by="district")
    assert {t.report_id: t for t in tally(left_out).reports} == {
        t.report_id: t for t in tally(together).reports
    }


def test_folds_hold_whole_districts():
    folds = folds_of(REPORTS, "district")
    assert [fold.name for fold in folds] == ["临皋区", "云麓区", "岚城区", "棠湾区"]
    assert [[r.document.id for r in fold.scored] for fold in folds] == [["r4"], ["r0", "r3"], ["r1"], ["r2"]]
    for fold in folds:
        assert not {r.document.metadata.district for r in fold.others} & set(fold.held_out)
        assert len(fold.scored) + len(fold.others) == 5


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), min_size=2, max_size=25), st.data())
def test_any_number_of_folds_scores_every_report_once(shape, data):
    reports = [report(n, f"{place}区", records) for n, (place, records) in enumerate(shape)]
    districts = {r.document.metadata.district for r in reports}
    if len(districts) < 2:
        return
    count = data.draw(st.integers(2, len(districts)))
    folds = folds_of(reports, "district", count=count)
    assert len(folds) == count
    assert sorted(r.document.id for fold in folds for r in fold.scored) == sorted(
        r.document.id for r in reports
    )
    for fold in folds:
        assert fold.scored
        assert not {r.document.metadata.district for r in fold.others} & set(fold.held_out)
    assert folds == folds_of(list(reports), "district", count=count)


def test_what_cannot_be_left_out():
    with pytest.raises(ConfigError, match="one district only"):
        folds_of(REPORTS[:1], "district")
    with pytest.raises(ConfigError, match="--folds 9: there are 4 of district; choose from 2 to 4"):
        folds_of(REPORTS, "district", count=9)


def test_the_key_changes_with_configuration_data_and_fold():
    base = ({"lr": 1e-4}, {"gold.jsonl": "ab"}, ["云麓区"])
    others = [({"lr": 2e-4}, *base[1:]), (base[0], {"gold.jsonl": "cd"}, base[2]), (*base[:2], ["岚城区"])]
    assert len({fold_key(*settings) for settings in [base, *others]}) == 4
    assert fold_key(*base) == fold_key(*base)


def test_a_fold_is_made_once_and_a_stopped_one_goes_on(tmp_path):
    calls = []

    def stopped(folder):
        calls.append("first")
        (folder / "half").write_text("a", encoding="utf-8")
        raise KeyboardInterrupt

    def rest(folder):
        calls.append((folder / "half").read_text(encoding="utf-8"))

    with pytest.raises(KeyboardInterrupt):
        cached(tmp_path / "fold", stopped)
    assert not (tmp_path / "fold").exists()
    assert cached(tmp_path / "fold", rest) == tmp_path / "fold"
    assert cached(tmp_path / "fold", stopped) == tmp_path / "fold"
    assert calls == ["first", "a"]
