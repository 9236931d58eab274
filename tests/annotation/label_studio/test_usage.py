"""What needs no server to be told."""

import json
import sys

import pytest
from typer.testing import CliRunner

from annotation.label_studio import Split
from annotation.label_studio.tasks import portions, task_data
from zhibiao.cli import build_app
from zhibiao.documents import build
from zhibiao.jsonl import read_gold
from zhibiao.schema import GoldReport

TEXT = "全年新增车位320个。"


def run(*arguments):
    return CliRunner().invoke(
        build_app(), ["annotate", *map(str, arguments)], env={"LABEL_STUDIO_API_KEY": "x"}
    )


@pytest.mark.parametrize(
    ("arguments", "finding"),
    [
        (["pull", "-o", "g.jsonl"], "give either --project NAME or --from EXPORT.json"),
        (
            ["pull", "-o", "g.jsonl", "--project", "a", "--from", "e.json"],
            "give either --project NAME or --from",
        ),
        (
            ["pull", "-o", "g.jsonl", "--from", "e.json", "--annotator", "a", "--all"],
            "give either --annotator or --all",
        ),
        (["push", "a.txt", "--project", "试点项目", "--with", "nowhere"], "--with nowhere: no such folder"),
    ],
)
def test_wrong_usage_is_told(arguments, finding) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert finding in result.stderr


def test_a_missing_sdk_is_told_with_the_line_that_installs_it(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "label_studio_sdk", None)
    result = run("pull", "--project", "试点项目", "-o", "g.jsonl")
    assert result.exit_code == 2
    assert "label-studio-sdk is not installed" in result.stderr
    assert "pip install 'zhibiao[annotation]'" in result.stderr


@pytest.fixture
def export(tmp_path):
    report = GoldReport(build(TEXT, id="r"), ())
    (portion,) = portions(report.document, split=Split.REPORT)
    task = {"id": 1, "data": task_data(report, portion), "annotations": [], "drafts": []}
    path = tmp_path / "export.json"

    def write(**changes):
        path.write_text(json.dumps([task | changes]), encoding="utf-8")
        return path

    return write


def test_an_export_without_anything_of_ours_is_told(export, tmp_path) -> None:
    result = run("pull", "--from", export(data={"text": "别的"}), "-o", tmp_path / "gold.jsonl")
    assert result.exit_code == 3
    assert "not written, the project holds no task of zhibiao's" in result.stderr
    assert not (tmp_path / "gold.jsonl").exists()


def test_an_export_that_nobody_labelled_writes_nothing(export, tmp_path) -> None:
    for options in ([], ["--all"], ["--lenient"]):
        result = run("pull", "--from", export(), "-o", tmp_path / "gold.jsonl", *options)
        assert result.exit_code == 3
        assert ("nobody has submitted" if options == ["--all"] else "not annotated yet") in result.stderr
        assert list(tmp_path.iterdir()) == [tmp_path / "export.json"]


def test_each_annotator_of_an_export_gets_a_file(export, tmp_path) -> None:
    answers = [{"completed_by": n, "result": [], "updated_at": "2024"} for n in (1, 2)]
    result = run("pull", "--from", export(annotations=answers), "-o", tmp_path / "gold.jsonl", "--all")
    assert result.exit_code == 0
    for n in (1, 2):
        (report,) = read_gold(tmp_path / f"gold.{n}.jsonl")
        assert report.document.text == TEXT and report.records == ()
