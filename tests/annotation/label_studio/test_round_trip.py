"""From gold to a real server, through people's hands, and back: equal to the letter."""

import json
from pathlib import Path

import pytest

from zhibiao.jsonl import gold_to_json, read_gold

pytestmark = [pytest.mark.labelstudio, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[3]
SEEDS = ROOT / "seeds" / "gold.jsonl"


def project_of(server, title):
    (project,) = (one for one in server.projects() if one.title == title)
    return project


@pytest.mark.skipif(
    not (ROOT / "seeds" / "texts" / "xixi-2021.txt").exists(),
    reason="the seeds' texts are not there: zhibiao seeds import DIR",
)
@pytest.mark.parametrize("by", ["report", "section"])
def test_the_seeds_come_back_to_the_letter(by, zhibiao, server, title, anna, tmp_path):
    pushed = zhibiao("push", SEEDS, "--project", title, "--with", "gold", "--by", by)
    assert pushed.exit_code == 0, pushed.output
    tasks = anna.tasks(project_of(server, title).id)
    assert len(tasks) == 5 if by == "report" else len(tasks) > 5
    for task in tasks.values():
        anna.accept(task["id"])
    pulled = zhibiao("pull", "--project", title, "-o", tmp_path / "gold.jsonl")
    assert pulled.exit_code == 0, pulled.output
    before = {report.document.id: report for report in read_gold(SEEDS)}
    after = {report.document.id: report for report in read_gold(tmp_path / "gold.jsonl")}
    assert after.keys() == before.keys()
    for id, report in before.items():
        assert after[id].document.text == report.document.text
        assert after[id].records == report.records
        assert after[id].document.metadata == report.document.metadata
        assert after[id].extra == report.extra
    assert sum(len(report.records) for report in after.values()) == 389
    assert pulled.stderr == ""


def test_shipped_gold_comes_back_line_by_line(zhibiao, server, title, anna, tmp_path):
    gold = ROOT / "data" / "gold.jsonl"
    assert zhibiao("push", gold, "--project", title, "--with", "gold").exit_code == 0
    for task in anna.tasks(project_of(server, title).id).values():
        anna.accept(task["id"])
    pulled = zhibiao("pull", "--project", title, "-o", tmp_path / "gold.jsonl")
    assert pulled.exit_code == 0, pulled.output
    before = {report.document.id: gold_to_json(report) for report in read_gold(gold)}
    lines = (tmp_path / "gold.jsonl").read_text("utf-8").split("\n")
    after = {line["id"]: line for line in map(json.loads, filter(None, lines))}
    assert after == json.loads(json.dumps(before, default=float))
