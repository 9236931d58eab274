"""`zhibiao serve` as the machine-learning backend of a real Label Studio, and the converter by itself."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

import zhibiao
from annotation.as_gold import gold_record
from annotation.label_studio import label_config
from annotation.label_studio.backend import PreAnnotator
from annotation.label_studio.tasks import Split, portions, task_data
from zhibiao.documents import build
from zhibiao.errors import ConfigError, DataError
from zhibiao.jsonl import gold_record_to_json, read_gold
from zhibiao.rules import RulePredictor
from zhibiao.schema import Finding, GoldReport

ROOT = Path(__file__).parents[3]
KEY = "a-key-of-the-label-studio-tests"
PATIENCE = 120
TEXT = (
    "岚城街道2023年工作总结\r\n"
    "一、2023年工作回顾\r\n"
    "全年  新增😀车位320个，   建成绿道30公里𠮷。\r\n"
    "完成税收6.45亿元，同比增长12.5%；分别改造老旧小区、农贸市场12个、超3个。\r\n"
    "二、2024年工作计划\r\n"
    "力争新增托位80个。\r\n"
)
FOREIGN = """<View><Labels name="ner" toName="text"><Label value="PER"/></Labels>
<Text name="text" value="$text"/></View>"""


@pytest.fixture
def document():
    return build(TEXT, id="odd", known={"district": Finding("岚城区", "test")})


def task_of(document, split=Split.REPORT, number=0):
    report = GoldReport(document, ())
    return {"id": 7, "data": task_data(report, portions(document, split=split)[number])}


def test_our_own_screen_is_taken_and_others_are_not():
    PreAnnotator().check(label_config())
    with pytest.raises(ConfigError, match="annotate push"):
        PreAnnotator().check(FOREIGN)
    with pytest.raises(ConfigError, match="no XML"):
        PreAnnotator().check("<View>")


def test_a_pushed_task_is_its_report_again(document):
    found = PreAnnotator().document(task_of(document))
    assert found.text == TEXT
    assert found.id == "odd"
    assert (found.metadata.district, found.metadata.report_year) == ("岚城区", 2023)


def test_a_portion_keeps_what_is_known_of_the_whole(document):
    task = task_of(document, Split.SECTION, 1)
    found = PreAnnotator().document(task)
    assert found.text == task["data"]["text"] == TEXT[TEXT.index("二、") :]
    assert found.metadata.report_year == 2023
    (record,) = zhibiao.extract([found], RulePredictor())
    assert (record.year, record.kind.value) == (2024, "target")


def test_a_task_from_elsewhere_needs_only_a_text():
    found = PreAnnotator().document({"id": 1, "data": {"text": TEXT, "gold": None}})
    assert found.text == TEXT


@pytest.mark.parametrize(
    "task",
    [
        {"id": 7},
        {"id": 7, "data": {"text": " \n"}},
        {"id": 7, "data": {"html": "秘密"}},
        {"id": 7, "data": {"text": "秘密", "gold": "{"}},
        {"id": "秘密", "data": "秘密"},
    ],
)
def test_a_task_that_is_none_is_told_without_its_text(task):
    with pytest.raises(DataError, match="annotate push") as error:
        PreAnnotator().document(task)
    assert "秘密" not in str(error.value)


def test_spans_fields_and_relations_are_those_of_the_records(document):
    (prediction,) = RulePredictor().predict([document])
    answer = PreAnnotator().result(prediction, "rules/x")
    assert answer["model_version"] == "rules/x"
    assert 0 < answer["score"] <= 1
    items = answer["result"]
    labels = {(i["value"]["start"], i["value"]["labels"][0]) for i in items if i["type"] == "labels"}
    assert {(span.start, span.label.value) for span in prediction.spans} == labels
    for item in items:
        if item["type"] == "labels":
            value = item["value"]
            assert TEXT[value["start"] : value["end"]] == value["text"]
    assert sum(item["type"] == "relation" for item in items) >= 8
    assert {item["from_name"] for item in items if item["type"] == "number"} == {"year"}


class Service:
    """`zhibiao serve` as a process."""

    def __init__(self, folder, key):
        self.log = folder / "serve.log"
        command = [sys.executable, "-m", "zhibiao", "serve", "--method", "rules", "--port", "0"]
        environment = os.environ | ({"ZHIBIAO_API_KEY": key} if key else {})
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=output)
        wait_until(lambda: self.url and self.answers())

    @property
    def url(self):
        found = re.search(r"http://127\.0\.0\.1:\d+", self.log.read_text("utf-8"))
        return found[0] if found else ""

    def answers(self):
        try:
            return httpx.get(f"{self.url}/ready").status_code == 200
        except httpx.TransportError:
            return False

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()


def wait_until(holds):
    deadline = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.05)
    return found


@pytest.fixture(scope="module")
def backend(tmp_path_factory):
    service = Service(tmp_path_factory.mktemp("backend"), key=None)
    yield service
    service.end()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    service = Service(tmp_path_factory.mktemp("guarded"), key=KEY)
    yield service
    service.end()


@pytest.fixture
def push(zhibiao, server, title, tmp_path):
    """Pushes the odd report into a project; gives the project."""

    def run(filled, name=title):
        (tmp_path / "odd.txt").write_bytes(TEXT.encode())
        pushed = zhibiao("push", tmp_path / "odd.txt", "--project", name, "--with", filled)
        assert pushed.exit_code == 0, pushed.output
        return next(project.id for project in server.projects() if project.title == name)

    return run


def connect(anna, project, url, **more):
    body = {"project": project, "url": url, "title": "zhibiao", "is_interactive": True, **more}
    return anna.http.post("/api/ml/", json=body)


def by_rules(document):
    return zhibiao.extract([document], RulePredictor())


def as_line(record):
    return json.dumps(gold_record_to_json(record), sort_keys=True, default=str)


real = pytest.mark.labelstudio


@real
@pytest.mark.timeout(600)
def test_annotators_get_spans_and_relations_when_they_open_a_task(
    backend, anna, push, title, zhibiao, tmp_path, server
):
    live, pushed = push("nothing"), push("rules", f"{title} b")
    connected = connect(anna, live, backend.url)
    assert connected.status_code == 201, connected.text
    task = anna.tasks(live)["odd", 0]
    assert task["predictions"] == []
    opened = anna.http.get(f"/api/tasks/{task['id']}/", params={"project": live}).json()
    (prediction,) = opened["predictions"]
    assert prediction["model_version"] == RulePredictor().name
    assert prediction["result"] == anna.predicted(anna.tasks(pushed)["odd", 0]["id"])
    assert sum(item["type"] == "relation" for item in prediction["result"]) >= 8

    anna.accept(task["id"])
    pulled = zhibiao("pull", "--project", title, "-o", tmp_path / "gold.jsonl")
    assert pulled.exit_code == 0, pulled.output
    (report,) = read_gold(tmp_path / "gold.jsonl")
    expected = map(gold_record, by_rules(report.document))
    assert sorted(map(as_line, report.records)) == sorted(map(as_line, expected))
    events = r"zhibiao_label_studio_events_total [1-9]"
    wait_until(lambda: re.search(events, httpx.get(f"{backend.url}/metrics").text))


@real
@pytest.mark.timeout(600)
def test_one_task_can_be_asked_for_while_it_is_labelled(backend, anna, push):
    project = push("nothing")
    id = connect(anna, project, backend.url).json()["id"]
    task = anna.tasks(project)["odd", 0]
    answer = anna.http.post(f"/api/ml/{id}/interactive-annotating", json={"task": task["id"]}).json()
    assert "errors" not in answer
    kinds = {item["type"] for item in answer["data"]["result"]}
    assert {"labels", "relation", "number", "choices"} <= kinds


@real
@pytest.mark.timeout(600)
def test_label_studio_brings_the_key_as_a_password(guarded, anna, push):
    project = push("nothing")
    refused = connect(anna, project, guarded.url)
    assert refused.status_code == 400
    access = {"auth_method": "BASIC_AUTH", "basic_auth_user": "anybody", "basic_auth_pass": KEY}
    assert connect(anna, project, guarded.url, **access).status_code == 201
    task = anna.tasks(project)["odd", 0]
    opened = anna.http.get(f"/api/tasks/{task['id']}/", params={"project": project}).json()
    assert opened["predictions"][0]["result"]
    said = guarded.log.read_text("utf-8")
    assert KEY not in said
    assert anna.http.headers["Authorization"].split()[1] not in said
    assert "岚城" not in said


@real
@pytest.mark.timeout(600)
def test_a_project_with_another_screen_is_refused_on_connecting(backend, anna, title):
    made = anna.http.post("/api/projects/", json={"title": title, "label_config": FOREIGN}).json()
    refused = connect(anna, made["id"], backend.url)
    assert refused.status_code == 400
    assert "400 Client Error" in refused.text
