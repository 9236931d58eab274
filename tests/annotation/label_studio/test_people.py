"""What people do on a real server: label, correct, skip, leave drafts, label twice; and what pull says."""

import json

import pytest

from annotation.label_studio.tasks import identity
from zhibiao.jsonl import read_gold

pytestmark = [pytest.mark.labelstudio, pytest.mark.timeout(600)]

ODD = (
    "岚城街道2023年工作总结\r\n"
    "一、2023年工作回顾\r\n"
    "全年  新增😀车位320个，  建成绿道30公里𠮷。\r\n"
    "完成税收6.45亿元，同比增长12.5%；  服务🏠老人超1200人次。\r\n"
    "二、2024年工作计划\r\n"
    "力争新增托位80个。\r\n"
)


@pytest.fixture
def folder(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "odd.txt").write_bytes(ODD.encode())
    return reports


@pytest.fixture
def task(zhibiao, server, title, folder, anna):
    """The odd report, pushed with the rules' predictions."""
    pushed = zhibiao("push", folder, "--project", title, "--with", "rules")
    assert pushed.exit_code == 0, pushed.output
    (project,) = (one for one in server.projects() if one.title == title)
    return anna.tasks(project.id)["odd", 0]


@pytest.fixture
def pull(zhibiao, title, tmp_path):
    def run(*options):
        path = tmp_path / "gold.jsonl"
        result = zhibiao("pull", "--project", title, "-o", path, *options)
        return result, list(read_gold(path)) if path.exists() else []

    return run


def quotes(report):
    return [
        {slot: report.document.quote(offsets) for slot, offsets in record.spans.items()}
        for record in report.records
    ]


def span(id, quote, label, text=ODD):
    start = text.index(quote)
    value = {"start": start, "end": start + len(quote), "text": quote, "labels": [label]}
    return {"id": id, "from_name": "label", "to_name": "text", "type": "labels", "value": value}


def relation(one, other):
    return {"type": "relation", "from_id": one, "to_id": other, "direction": "right"}


def utf16(text, offset):
    return len(text[:offset].encode("utf-16-le")) // 2


def test_the_task_holds_the_text_untouched_and_says_what_it_is(task):
    assert task["data"]["text"] == ODD
    assert identity(task["data"]).end == len(ODD)
    assert "2023年" in task["data"]["about"]


def test_predictions_have_spans_relations_fields_score_and_version(task, anna):
    (found,) = anna.http.get("/api/predictions/", params={"task": task["id"]}).json()
    kinds = {item["type"] for item in found["result"]}
    assert {"labels", "relation", "number", "choices"} <= kinds
    assert found["model_version"].startswith("rules/")
    assert 0 < found["score"] <= 1
    assert all(0 < item["score"] <= 1 for item in found["result"] if item["type"] == "labels")
    for item in found["result"]:
        if item["type"] == "labels":
            value = item["value"]
            assert ODD[value["start"] : value["end"]] == value["text"]


def test_odd_text_comes_back_to_the_letter(task, anna, pull):
    anna.accept(task["id"])
    result, (report,) = pull()
    assert result.exit_code == 0, result.output
    assert report.document.text == ODD
    found = {said["indicator"]: said["value"] for said in quotes(report)}
    assert found["车位" if "车位" in found else "新增😀车位"] == "320"
    assert {"1200", "6.45", "80"} <= set(found.values())
    targets = [
        said for said, record in zip(quotes(report), report.records, strict=True) if record.year == 2024
    ]
    assert [said["value"] for said in targets] == ["80"]


def test_offsets_that_drifted_are_repaired_and_told(task, anna, pull):
    drifted = json.loads(json.dumps(anna.predicted(task["id"])))
    for item in drifted:
        if "value" in item and "start" in item["value"]:
            for end in ("start", "end"):
                item["value"][end] = utf16(ODD, item["value"][end])
    anna.submit(task["id"], drifted)
    result, (report,) = pull()
    assert result.exit_code == 0, result.output
    assert "offsets repaired «1200»" in result.stderr and "counted in UTF-16 units" in result.stderr
    assert "1200" in {said.get("value") for said in quotes(report)}


def test_a_place_that_cannot_be_told_is_a_conflict(task, anna, pull):
    lost = span("a", "车位", "INDICATOR")
    lost["value"] |= {"start": 0, "end": 2, "text": "桥梁"}
    anna.submit(task["id"], [lost])
    result, reports = pull()
    assert result.exit_code == 3 and reports == []
    assert f"odd, task {task['id']}: text not at its offsets «桥梁» [0, 2)" in result.stderr
    assert "it stands nowhere near" in result.stderr


def test_what_an_annotator_corrects_is_what_comes_back(task, anna, pull):
    items = anna.predicted(task["id"])
    for item in items:
        if item["type"] == "number" and item["value"]["number"] == 2024:
            item["value"]["number"] = 2025
        if item["type"] == "choices" and item["value"]["choices"] == ["target"]:
            item["value"]["choices"] = ["actual"]
    anna.submit(task["id"], items)
    _, (report,) = pull()
    (changed,) = (record for record in report.records if record.year == 2025)
    assert changed.kind == "actual"


def test_new_spans_without_fields_get_year_and_kind_by_rule(task, anna, pull):
    new = [
        span("v", "80", "VALUE"),
        span("u", "个。\r\n".strip("。\r\n"), "UNIT"),
        span("i", "托位", "INDICATOR"),
    ]
    new[1]["value"] |= {"start": ODD.index("80") + 2, "end": ODD.index("80") + 3}
    anna.submit(task["id"], [*new, relation("i", "v"), relation("v", "u")])
    result, (report,) = pull()
    assert "year or kind not filled in «80»" in result.stderr
    assert "2024, target" in result.stderr
    assert quotes(report) == [{"value": "80", "unit": "个", "indicator": "托位"}]


def test_a_skipped_task_is_told(task, anna, pull):
    anna.skip(task["id"])
    result, reports = pull()
    assert result.exit_code == 3 and reports == []
    assert f"odd, task {task['id']}: skipped by the annotator ({anna.email})" in result.stderr


def test_a_draft_alone_is_no_annotation(task, anna, pull):
    anna.draft(task["id"], anna.predicted(task["id"]))
    result, reports = pull()
    assert result.exit_code == 3 and reports == []
    assert f"only a draft ({anna.email}); open it and press Submit" in result.stderr


def test_two_annotators_need_a_choice(task, anna, bei, pull, zhibiao, tmp_path):
    anna.accept(task["id"])
    bei.submit(task["id"], [span("v", "80", "VALUE"), span("i", "托位", "INDICATOR"), relation("v", "i")])
    result, reports = pull()
    assert result.exit_code == 3 and reports == []
    assert f"several annotators ({anna.email}, {bei.email}); choose one with --annotator" in result.stderr
    result, (report,) = pull("--annotator", bei.email)
    assert result.exit_code == 0
    assert quotes(report) == [{"value": "80", "indicator": "托位"}]
    result, _ = pull("--all")
    assert result.exit_code == 0
    (by_anna,) = read_gold(tmp_path / f"gold.{anna.email}.jsonl")
    (by_bei,) = read_gold(tmp_path / f"gold.{bei.email}.jsonl")
    assert len(by_anna.records) > len(by_bei.records) == 1
    compared = zhibiao("agree", *(tmp_path / f"gold.{who.email}.jsonl" for who in (anna, bei)))
    assert compared.exit_code == 0, compared.output


def test_one_skips_and_the_other_labels(task, anna, bei, pull):
    anna.skip(task["id"])
    bei.accept(task["id"])
    result, reports = pull()
    assert result.exit_code == 0 and len(reports) == 1


def test_a_later_version_by_the_same_person_is_taken(task, anna, pull):
    anna.submit(task["id"], [])
    anna.accept(task["id"])
    result, (report,) = pull()
    assert f"two annotations by one annotator ({anna.email}, 2 of them)" in result.stderr
    assert report.records


def test_an_exported_file_gives_the_same(task, anna, pull, server, title, zhibiao, tmp_path):
    anna.accept(task["id"])
    _, (report,) = pull()
    export = anna.http.get(f"/api/projects/{task['project']}/export", params={"exportType": "JSON"})
    (tmp_path / "export.json").write_bytes(export.content)
    result = zhibiao("pull", "--from", tmp_path / "export.json", "-o", tmp_path / "other.jsonl")
    assert result.exit_code == 0, result.output
    (other,) = read_gold(tmp_path / "other.jsonl")
    assert other.records == report.records and other.document.text == report.document.text


def test_everything_wrong_is_listed_by_name(task, anna, pull):
    anna.submit(
        task["id"],
        [
            span("i1", "车位", "INDICATOR"),
            span("v1", "320", "VALUE"),
            span("v2", "320个", "VALUE"),
            span("u1", "公里", "UNIT"),
            span("g1", "同比增长12.5%", "GROWTH"),
            span("y1", "全年", "YEAR"),
            span("i2", "托位80个。\r\n", "INDICATOR"),
            relation("v1", "i1"),
            relation("i1", "gone"),
            relation("i1", "u1"),
        ],
    )
    result, reports = pull()
    assert result.exit_code == 3 and reports == []
    for name in (
        "overlapping spans «320个»",
        "growth without value or indicator «同比增长12.5%»",
        "value without indicator «320个»",
        "relation to a span that is gone",
        "relation between labels that have none «车位»",
        "year without relation «全年»",
        "span crosses the end of a sentence «托位80个。»",
        "indicator without value or growth «托位80个。»",
        "blanks at the edge «托位80个。",
    ):
        assert name in result.stderr, name
    assert all(f"odd, task {task['id']}" in line for line in result.stderr.splitlines())
    result, (report,) = pull("--lenient")
    assert quotes(report) == [{"value": "320", "indicator": "车位"}]
