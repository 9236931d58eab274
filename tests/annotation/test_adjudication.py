"""What agrees is taken, what was decided is done, what is open refused; same answers, same gold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest

from annotation.adjudication import (
    Choice,
    Decision,
    Dispute,
    adjudicate,
    corrections,
    decide,
    disputes,
    stale,
)
from annotation.asking import ask_all, question
from annotation.decisions import append_decision, read_decisions
from annotation.editing import edit
from annotation.passes import match_passes
from zhibiao.documents import build
from zhibiao.errors import DataError, SchemaError
from zhibiao.jsonl import write_gold
from zhibiao.schema import Finding, GoldRecord, GoldReport, Kind

TEXT = "一、2031年工作回顾\n全年新增车位320个，同比增长8%。\n改造老旧小区21个。走访企业80余次。\n"
NOON = datetime(2032, 1, 5, 12, tzinfo=UTC)


def record(year: int = 2031, **slots: str) -> GoldRecord:
    """Slots in text order, each behind the one before it."""
    spans, after = {}, 0
    for slot, quote in slots.items():
        start = TEXT.index(quote, after)
        spans[slot], after = (start, start + len(quote)), start + len(quote)
    return GoldRecord(spans, year, Kind.ACTUAL)


def report(*records: GoldRecord, id: str = "lake") -> GoldReport:
    known = {"district": Finding("柳溪区", "gold"), "report_year": Finding(2031, "gold")}
    return GoldReport(build(TEXT, id=id, known=known), records, {"level": "town"})


PARKING = record(indicator="新增车位", value="320", unit="个", growth="同比增长8%")
HOUSES = record(indicator="改造老旧小区", value="21", unit="个")
SHORT = record(indicator="老旧小区", value="21", unit="个")
VISITS = record(indicator="走访企业", value="80", unit="次")

PASSES = match_passes([report(PARKING, HOUSES, VISITS)], [report(PARKING, SHORT)])
EDGE, MISSING = disputes(PASSES)


def settle(first: Choice, second: Choice) -> tuple[GoldRecord, ...]:
    decisions = [decide(EDGE, first, by="lin"), decide(MISSING, second, by="lin")]
    (gold,) = adjudicate(PASSES, decisions)
    return gold.records


def test_only_what_differs_is_disputed() -> None:
    assert (EDGE.reading.a, EDGE.reading.b) == (HOUSES, SHORT)
    assert (MISSING.reading.a, MISSING.reading.b) == (VISITS, None)
    assert [(d.number, d.n_all) for d in (EDGE, MISSING)] == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("choices", "records"),
    [
        ((Choice.A, Choice.A), (PARKING, HOUSES, VISITS)),
        ((Choice.B, Choice.B), (PARKING, SHORT)),
        ((Choice.BOTH, Choice.B), (PARKING, HOUSES, SHORT)),
        ((Choice.NEITHER, Choice.A), (PARKING, VISITS)),
    ],
)
def test_choices_are_done(choices: tuple[Choice, Choice], records: tuple[GoldRecord, ...]) -> None:
    assert settle(*choices) == records


def test_identical_passes_need_no_decision() -> None:
    same = match_passes([report(PARKING, HOUSES)], [report(HOUSES, PARKING)])
    assert list(disputes(same)) == []
    assert adjudicate(same, [])[0].records == (PARKING, HOUSES)


def test_what_both_read_alike_and_wrong_is_corrected() -> None:
    same = match_passes([report(PARKING, HOUSES)], [report(PARKING, HOUSES)])
    correction = Decision("lake", HOUSES, HOUSES, Choice.EDIT, (SHORT,), "mo", "2032-01-05")
    assert adjudicate(same, [correction])[0].records == (PARKING, SHORT)
    assert corrections(same, [correction]) == [correction]
    assert stale(same, [correction]) == []
    assert corrections(PASSES, [decide(EDGE, Choice.A, by="lin"), correction]) == []
    assert stale(PASSES, [correction]) == [correction]


def test_metadata_and_unknown_keys_are_those_of_a() -> None:
    (gold,) = adjudicate(PASSES, [decide(d, Choice.A, by="lin") for d in (EDGE, MISSING)])
    assert gold.extra == {"level": "town"}
    assert gold.document is PASSES.reports[0].a.document


def test_what_is_open_is_counted_and_nothing_is_made() -> None:
    with pytest.raises(DataError, match=r"1 disputes are open \(lake 1\).*--decisions"):
        adjudicate(PASSES, [decide(EDGE, Choice.A, by="lin")])


def test_the_order_of_decisions_and_records_changes_nothing(tmp_path: Path) -> None:
    decisions = [decide(EDGE, Choice.BOTH, by="lin"), decide(MISSING, Choice.A, by="lin")]
    outcomes = set()
    for number, order in enumerate(permutations((PARKING, HOUSES, VISITS))):
        passes = match_passes([report(*order)], [report(SHORT, PARKING)])
        for some in (decisions, decisions[::-1]):
            write_gold(tmp_path / f"{number}", adjudicate(passes, some))
            outcomes.add((tmp_path / f"{number}").read_bytes())
    assert len(outcomes) == 1


def test_the_last_decision_on_a_dispute_holds() -> None:
    decisions = [
        decide(EDGE, Choice.A, by="lin"),
        decide(EDGE, Choice.B, by="mo"),
        decide(MISSING, Choice.B, by="mo"),
    ]
    assert adjudicate(PASSES, decisions)[0].records == (PARKING, SHORT)


def test_a_decision_on_readings_that_changed_is_stale_and_not_used() -> None:
    old = decide(EDGE, Choice.A, by="lin")
    changed = match_passes([report(PARKING, HOUSES)], [report(PARKING, replace(SHORT, year=2030))])
    assert stale(changed, [old]) == [old]
    assert stale(PASSES, [old]) == []
    with pytest.raises(DataError, match="1 disputes are open"):
        adjudicate(changed, [old])


def test_decisions_are_kept_with_who_and_when(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    rated = replace(PARKING, growth_rate=Decimal("-8.50"))
    kept = [
        decide(EDGE, Choice.B, by="lin", now=NOON),
        decide(MISSING, Choice.EDIT, by="mo", edited=[rated], now=NOON),
    ]
    for decision in kept:
        append_decision(path, decision)
    assert list(read_decisions(path, PASSES).known) == kept
    line = json.loads(path.read_text("utf-8").splitlines()[0])
    assert (line["by"], line["at"], line["choice"]) == ("lin", "2032-01-05T12:00:00+00:00", "b")
    assert line["records"] == [line["b"]]


def test_decisions_on_other_reports_are_named(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    append_decision(path, replace(decide(EDGE, Choice.B, by="lin"), report="moor"))
    found = read_decisions(path, PASSES)
    assert (found.known, found.foreign) == ((), (f"{path}:1: moor",))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"choice": "perhaps"}, r":1: the choice is 'perhaps'"),
        ({"records": 3}, r":1: the choice is 'a' and records a int"),
        ({"mood": "bad"}, r":1: not a decision: mood"),
        ({"a": {"spans": {"value": [1, 9999]}}}, r":1: a: the value span is"),
    ],
)
def test_a_broken_decision_is_an_error_with_its_line(
    values: dict[str, object], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "decisions.jsonl"
    append_decision(path, decide(EDGE, Choice.A, by="lin"))
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_decisions(path, PASSES)


class Person:
    """Answers one after another and keeps what was said; Ctrl-D at the end."""

    def __init__(self, *answers: str) -> None:
        self.answers: Iterator[str] = iter(answers)
        self.said: list[str] = []

    def say(self, line: str) -> None:
        self.said.append(line)

    def hear(self, prompt: str) -> str:
        self.said.append(prompt)
        try:
            return next(self.answers)
        except StopIteration:
            raise EOFError from None

    def decide(self, *open_ones: Dispute) -> list[Decision]:
        return list(ask_all(open_ones, by="lin", say=self.say, hear=self.hear))


def test_the_question_shows_the_sentence_and_both_readings() -> None:
    shown = question(EDGE, "1 of 2 open")
    assert shown[0].startswith("lake 1/2 (1 of 2 open)")
    assert shown[1:3] == ["  a  {I:改造老旧小区}{V:21}{U:个}。", "  b  改造{I:老旧小区}{V:21}{U:个}。"]
    assert "indicator: A 改造老旧小区" in shown[3]
    assert question(MISSING, "")[2] == "  b  (no record)"


def test_answers_become_decisions() -> None:
    decisions = Person("b", "a").decide(EDGE, MISSING)
    assert [(d.choice, d.records, d.by) for d in decisions] == [
        (Choice.B, (SHORT,), "lin"),
        (Choice.A, (VISITS,), "lin"),
    ]


def test_what_cannot_be_chosen_is_asked_again() -> None:
    person = Person("x", "both", "b")
    assert [d.choice for d in person.decide(MISSING)] == [Choice.B]
    assert "'x' is none of them" in person.said
    assert "'both' is none of them" in person.said


def test_skipping_and_leaving_decide_nothing() -> None:
    assert [d.records for d in Person("skip", "a").decide(EDGE, MISSING)] == [(VISITS,)]
    assert Person("quit").decide(EDGE, MISSING) == []
    assert [d.records for d in Person("b").decide(EDGE, MISSING)] == [(SHORT,)]


def dated(record: GoldRecord) -> GoldRecord:
    start = TEXT.index("全年")
    return replace(record, spans=record.spans | {"year": (start, start + 2)})


def test_an_answer_with_a_star_stands_for_all_that_differ_alike() -> None:
    a = report(dated(PARKING), dated(HOUSES), dated(VISITS))
    passes = match_passes([a], [report(PARKING, HOUSES, replace(VISITS, year=2030))])
    person = Person("a*", "b")
    decisions = person.decide(*disputes(passes))
    assert [(d.choice, d.records) for d in decisions] == [
        (Choice.A, (dated(PARKING),)),
        (Choice.A, (dated(HOUSES),)),
        (Choice.B, (replace(VISITS, year=2030),)),
    ]
    assert person.said.count("a, as before") == 1


def test_a_record_is_edited_slot_by_slot() -> None:
    person = Person("edit", "b", "indicator=小区", "nonsense", "resolved=2030", "")
    (decision,) = person.decide(EDGE)
    assert decision.choice is Choice.EDIT
    assert decision.records == (record(indicator="小区", value="21", unit="个", year=2030),)
    assert any("'nonsense' is no change" in line for line in person.said)


def test_an_edit_cannot_break_a_record() -> None:
    person = Person("e", "a", "value=", "", "b")
    (decision,) = person.decide(EDGE)
    assert decision.records == (HOUSES,)
    assert any("needs a value or a growth" in line for line in person.said)


INSIDE = (0, len(TEXT))
DOCUMENT = report().document


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("unit=", replace(HOUSES, spans={k: v for k, v in HOUSES.spans.items() if k != "unit"})),
        ("value=2:4", replace(HOUSES, spans=HOUSES.spans | {"value": (2, 4)})),
        (
            "year=全年",
            replace(HOUSES, spans=HOUSES.spans | {"year": (TEXT.index("全年"), TEXT.index("全年") + 2)}),
        ),
        ("resolved=", replace(HOUSES, year=None)),
        ("kind = target", replace(HOUSES, kind=Kind.TARGET)),
        ("qualifier=余", replace(HOUSES, qualifier="余")),
        ("growth_rate=-5.2", replace(HOUSES, growth_rate=Decimal("-5.2"))),
    ],
)
def test_each_change(change: str, expected: GoldRecord) -> None:
    assert edit(HOUSES, change, DOCUMENT, INSIDE) == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("unit=个", "个 stands 2 times"),
        ("unit=箩筐", "箩筐 stands 0 times"),
        ("value=9:4", "outside"),
        ("value=1:4000", "outside"),
        ("kind=wish", "changes nothing"),
        ("growth_rate=much", "much is no number"),
        ("growth_rate=NaN", "NaN is no number"),
        ("place=这里", "changes nothing"),
    ],
)
def test_a_change_that_makes_no_sense(change: str, message: str) -> None:
    with pytest.raises((DataError, SchemaError), match=message):
        edit(HOUSES, change, DOCUMENT, INSIDE)
