"""Once through everything: pushed to a real server, labelled, pulled, checked, learned, compared, used."""

import json

import pytest
from typer.testing import CliRunner

from zhibiao.cli import build_app
from zhibiao.jsonl import read_gold, read_records

pytestmark = [pytest.mark.labelstudio, pytest.mark.timeout(900)]

INDICATORS = ["新增车位", "新增托位", "改造老旧小区", "建成绿道", "新增就业岗位"]
UNITS = ["个", "个", "个", "公里", "个"]


def report(place, offset):
    """A small fictional report: one sentence for each indicator, with figures of its own."""
    facts = [
        f"{indicator}{12 * number + offset}{unit}，同比增长{number + offset % 7}%。"
        for number, (indicator, unit) in enumerate(zip(INDICATORS, UNITS, strict=True), start=3)
    ]
    return f"{place}2023年工作总结\n一、2023年工作回顾\n" + "\n".join(facts * 2) + "\n"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, place, offset in (("lancheng", "岚城区", 5), ("tangwan", "棠湾区", 11)):
        (folder / f"{name}.txt").write_text(report(place, offset), "utf-8")
        told = f'district = "{place}"\npublisher = "{place}人民政府"\nreport_year = 2023\n'
        (folder / f"{name}.toml").write_text(told, "utf-8")
    return folder


def command(*arguments):
    done = CliRunner().invoke(build_app(), list(map(str, arguments)))
    assert done.exit_code == 0, done.output
    return done.output


def configure(path, gold, encoder, output, seed):
    tables = {
        "data": {"gold": [str(gold)], "hold_out": ["棠湾区"]},
        "encoder": {"source": str(encoder)},
        "schedule": {
            "epochs": 60,
            "tokens": 256,
            "learning_rate": 3e-3,
            "head_rate": 3e-3,
            "mask_noise": 0.0,
        },
        "run": {"output": str(output), "precision": "fp32", "threads": 1, "seed": seed},
    }
    lines = [
        f"[{name}]\n" + "\n".join(f"{k} = {json.dumps(v)}" for k, v in held.items())
        for name, held in tables.items()
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_push_annotate_pull_check_train_compare_extract(
    zhibiao, server, title, anna, folder, tiny_encoder, tmp_path
):
    pushed = zhibiao("push", folder, "--project", title, "--with", "rules")
    assert pushed.exit_code == 0, pushed.output
    (project,) = (one for one in server.projects() if one.title == title)
    for task in anna.tasks(project.id).values():
        anna.accept(task["id"])

    gold = tmp_path / "gold.jsonl"
    pulled = zhibiao("pull", "--project", title, "-o", gold)
    assert pulled.exit_code == 0, pulled.output
    labelled = {one.document.metadata.district: one for one in read_gold(gold)}
    assert set(labelled) == {"岚城区", "棠湾区"}
    assert [len(one.records) for one in labelled.values()] == [10, 10]
    command("data", "check", gold)

    old, new = tmp_path / "old", tmp_path / "new"
    command("train", configure(tmp_path / "old.toml", gold, tiny_encoder, old, 1), "-q")
    second = configure(tmp_path / "new.toml", gold, tiny_encoder, new, 2)
    told = command("train", second, "--compare", old, "-q")
    assert f"{old} against {new} on the 1 held-out reports" in told.replace("\n", " ").replace("  ", " ")
    assert "strict" in told

    output = tmp_path / "records.jsonl"
    command("extract", folder / "lancheng.txt", "-o", output, "--model", new, "-q")
    records = list(read_records(output))
    text = (folder / "lancheng.txt").read_text("utf-8")
    assert all(one.method == "model" and 0 <= one.confidence <= 1 for one in records)
    assert all(text[slice(*one.spans["indicator"])] == one.indicator for one in records)
    # What it has learned by heart it finds again.
    wanted = {(one.spans["indicator"], one.spans["value"]) for one in labelled["岚城区"].records}
    found = {(one.spans["indicator"], one.spans.get("value")) for one in records}
    assert len(wanted & found) >= 5
