"""Exported tasks to gold: which annotation is taken, and every problem by its name."""

import json
from decimal import Decimal

import pytest

from annotation.label_studio import Split, Trouble, annotators, pull, read_export
from annotation.label_studio.marking import mark
from annotation.label_studio.results import write_results
from annotation.label_studio.tasks import check_cuts, portions, task_data
from zhibiao.documents import build
from zhibiao.errors import DataError
from zhibiao.schema import Finding, GoldRecord, GoldReport, Kind

TEXT = "工作总结\n一、2023年回顾\n全年新增车位320个。\n二、2024年计划\n新增托位80个，税收增长5%、6%。\n"
NAMES = {1: "anna@example.org", 2: "bei@example.org"}


def at(quote):
    return (TEXT.index(quote), TEXT.index(quote) + len(quote))


def record(year, kind, /, **quotes):
    return GoldRecord({slot: at(quote) for slot, quote in quotes.items()}, year, kind)


RECORDS = (
    record(2023, Kind.ACTUAL, value="320", unit="个", indicator="新增车位", year="全年"),
    record(2024, Kind.TARGET, value="80", indicator="新增托位"),
)
REPORT = GoldReport(
    build(TEXT, id="r", known={"title": Finding("工作总结", "gold"), "report_year": Finding(2023, "gold")}),
    RECORDS,
    {"note": "自拟", "weight": Decimal("0.10")},
)


def tasks(split=Split.REPORT, by=1):
    """The report as Label Studio exports it, accepted by somebody."""
    marking = mark(REPORT.records)
    return [
        {
            "id": number,
            "data": json.loads(json.dumps(task_data(REPORT, portion))),
            "annotations": [annotation(write_results(marking, portion.place), by)],
            "drafts": [],
        }
        for number, portion in enumerate(portions(REPORT.document, split=split), start=1)
    ]


def annotation(result, by=1, **more):
    return {"completed_by": by, "result": result, "updated_at": "2024-01-02T00:00:00Z", **more}


def marks(*spans):
    """Spans as `(id, quote, label)`, relations as pairs of ids."""
    result = []
    for span in spans:
        if len(span) == 2:
            result.append({"type": "relation", "from_id": span[0], "to_id": span[1]})
        else:
            result.append(item(span[0], span[1], "label", "labels", labels=[span[2]]))
    return result


def item(id, quote, control, kind, **said):
    start, end = at(quote)
    value = {"start": start, "end": end, "text": quote, **said}
    return {"id": id, "from_name": control, "to_name": "text", "type": kind, "value": value}


def troubles(pulled):
    return [problem.trouble for problem in pulled.problems]


def pulled_from(result, **options):
    (task,) = tasks()
    return pull([task | {"annotations": [annotation(result)]}], NAMES, **options)


@pytest.mark.parametrize("split", Split)
def test_all_of_a_report_comes_back(split) -> None:
    pulled = pull(tasks(split), NAMES)
    (report,) = pulled.reports
    assert pulled.problems == () and pulled.left_out == ()
    assert report.records == RECORDS
    assert report.document.text == TEXT
    assert report.document.metadata == REPORT.document.metadata
    assert report.extra == REPORT.extra


def test_a_report_is_cut_before_each_section_but_the_first() -> None:
    pieces = portions(REPORT.document, split=Split.SECTION)
    assert "".join(piece.text for piece in pieces) == TEXT
    assert [piece.text.split("\n")[0] for piece in pieces] == ["工作总结", "二、2024年计划"]
    assert [piece.key.end for piece in pieces][:-1] == [piece.key.start for piece in pieces][1:]


def test_a_record_is_never_cut() -> None:
    across = record(2023, Kind.ACTUAL, value="80", indicator="新增车位")
    with pytest.raises(DataError, match=r"lies on both sides of the section .* push it whole"):
        check_cuts(portions(REPORT.document, split=Split.SECTION), [across])


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(DataError, match="half a surrogate pair at offset 1"):
        portions(build("甲\ud83d乙", id="r"), split=Split.REPORT)


def test_a_missing_portion_leaves_the_report_out() -> None:
    second = TEXT.index("二、")
    for there, gap in ((0, f"[{second}, {len(TEXT)})"), (1, f"[0, {second})")):
        pulled = pull([tasks(Split.SECTION)[there]], NAMES)
        assert troubles(pulled) == [Trouble.MISSING_PORTION] and pulled.left_out == ("r",)
        assert gap in str(pulled.problems[0])


def test_a_text_edited_on_the_server_is_noticed() -> None:
    (task,) = tasks()
    task["data"]["text"] = TEXT.replace("320", "321")
    assert troubles(pull([task], NAMES)) == [Trouble.CHANGED_TEXT]


def test_a_task_twice_needs_a_decision_only_if_both_are_labelled() -> None:
    (task,) = tasks()
    assert troubles(pull([task, task | {"id": 2}], NAMES)) == [Trouble.TWIN_TASK]
    assert pull([task | {"id": 2, "annotations": []}, task], NAMES).reports


def test_tasks_of_others_are_passed_over() -> None:
    other = {"id": 7, "data": {"text": "别的"}, "annotations": []}
    pulled = pull([other, *tasks()], NAMES)
    assert troubles(pulled) == [Trouble.FOREIGN_TASK] and len(pulled.reports) == 1


def test_who_annotated_is_known_in_every_spelling() -> None:
    for by in (1, {"id": 1, "email": "anna@example.org"}, {"id": 1}, "anna@example.org, 1"):
        assert annotators(tasks(by=by), NAMES) == ["anna@example.org"]
    assert annotators(tasks(by=1), {}) == ["1"]


def test_an_annotator_is_chosen_by_address_or_id() -> None:
    (task,) = tasks()
    both = [task | {"annotations": [*task["annotations"], annotation([], by=2)]}]
    assert troubles(pull(both, NAMES)) == [Trouble.SEVERAL_ANNOTATORS]
    for name in ("anna@example.org", "1"):
        assert pull(both, NAMES, annotator=name).reports[0].records == RECORDS
    assert pull(both, NAMES, annotator="2").reports[0].records == ()
    assert troubles(pull(both, NAMES, annotator="carl@example.org")) == [Trouble.NOT_ANNOTATED]


def test_different_people_may_label_different_portions() -> None:
    first, second = tasks(Split.SECTION)
    second["annotations"][0]["completed_by"] = 2
    assert pull([first, second], NAMES).reports[0].records == RECORDS


def test_a_draft_newer_than_the_answer_is_told() -> None:
    (task,) = tasks()
    task["drafts"] = [{"user": "anna@example.org", "updated_at": "2024-01-03T00:00:00Z", "result": []}]
    pulled = pull([task], NAMES)
    assert troubles(pulled) == [Trouble.UNSENT_CHANGES] and pulled.reports


def test_nothing_marked_is_told() -> None:
    assert troubles(pulled_from([])) == [Trouble.EMPTY]


def test_relations_count_in_either_direction_and_a_year_may_hang_on_the_indicator() -> None:
    result = marks(
        ("i", "新增车位", "INDICATOR"), ("v", "320", "VALUE"), ("y", "全年", "YEAR"), ("i", "v"), ("i", "y")
    )
    pulled = pulled_from(result)
    (made,) = pulled.reports[0].records
    assert made.spans == {"value": at("320"), "indicator": at("新增车位"), "year": at("全年")}
    assert made.year == 2023 and troubles(pulled) == [Trouble.FILLED]


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (
            marks(
                ("v", "320", "VALUE"),
                ("i", "新增车位", "INDICATOR"),
                ("u", "个", "UNIT"),
                ("w", "托", "UNIT"),
            )
            + marks(("v", "i"), ("v", "u"), ("v", "w")),
            Trouble.TWO_OF_A_KIND,
        ),
        (
            marks(("v", "80", "VALUE"), ("i", "新增托位", "INDICATOR"), ("g", "增长5%", "GROWTH"))
            + marks(("j", "税收", "INDICATOR"), ("v", "i"), ("v", "g"), ("g", "j")),
            Trouble.SHARED_GROWTH,
        ),
        (marks(("v", "320", "COLOUR")), Trouble.UNKNOWN_LABEL),
        ([item("v", "320", "year", "number", number=2023)], Trouble.UNKNOWN_LABEL),
        ([*marks(("v", "320", "VALUE")), item("v", "320", "year", "number", number=23)], Trouble.BAD_FIELD),
        (
            [
                *marks(("g", "6%", "GROWTH")),
                item("g", "6%", "growth_rate", "textarea") | {"value": {"text": ["x"]}},
            ],
            Trouble.BAD_FIELD,
        ),
        (marks(("u", "个", "UNIT")), Trouble.UNIT_ALONE),
        (marks(("g", "6%", "GROWTH")), Trouble.GROWTH_ALONE),
        (marks(("v", "320", "VALUE"), ("w", "320", "UNIT")), Trouble.OVERLAP),
        (marks(("i", "，税收", "INDICATOR")), Trouble.PUNCTUATION),
        (marks(("i", "320个。\n二", "INDICATOR")), Trouble.CROSSES_SENTENCE),
        (marks(("i", "个。\n", "INDICATOR")), Trouble.TRIMMED),
    ],
)
def test_each_problem_has_its_name_its_task_and_its_quote(result, expected) -> None:
    pulled = pulled_from(result)
    found = [problem for problem in pulled.problems if problem.trouble is expected]
    assert found and str(found[0]).startswith("r, task 1: " + expected.title)
    assert found[0].quote is None or TEXT[slice(*found[0].offsets)].strip() == found[0].quote.strip()
    if expected.fatal:
        assert pulled.left_out == ("r",)
        assert pulled_from(result, lenient=True).reports


def test_a_growth_owned_by_a_value_may_name_the_same_indicator_again() -> None:
    result = marks(("v", "80", "VALUE"), ("i", "新增托位", "INDICATOR"), ("g", "增长5%", "GROWTH"))
    pulled = pulled_from(result + marks(("v", "i"), ("v", "g"), ("g", "i")))
    assert len(pulled.reports[0].records) == 1 and troubles(pulled) == [Trouble.FILLED]


def test_a_rate_is_read_as_people_write_it() -> None:
    for written, meant in (("-6", "-6"), ("－6.5%", "-6.5"), ("", None)):
        rate = item("g", "6%", "growth_rate", "textarea") | {"value": {"text": [written]}}
        result = marks(("g", "6%", "GROWTH"), ("i", "税收", "INDICATOR"), ("g", "i"))
        (made,) = pulled_from([*result, rate]).reports[0].records
        assert made.growth_rate == (None if meant is None else Decimal(meant))


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        ("{", "not JSON"),
        ('{"a": 1}', "not a list of tasks"),
        ('[{"id": 1, "text": "x", "label": []}]', "not as JSON-MIN"),
        ('[{"id": 1, "data": {"text": "x"}}]', "without their list of annotations"),
    ],
)
def test_another_export_is_refused_with_the_one_to_make(content, finding, tmp_path) -> None:
    path = tmp_path / "export.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=f"export.json: .*{finding}"):
        read_export(path)


def test_a_file_that_is_not_there_is_told(tmp_path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_export(tmp_path / "none.json")
