"""Runs that are disturbed: interrupted, killed at any moment, with reports that kill their process."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from zhibiao.batch import manifest_path

LONG = 12
"""Reports of a run that is disturbed."""

KILLS = 20

BESIDE = {"", "-wal", "-shm", "..lock"}
"""What may stand in the folder after a kill, but for the name of the manifest: no output, no piece of one."""


@pytest.fixture
def corpus(tmp_path: Path, report: str) -> Path:
    path = tmp_path / "corpus.jsonl"
    entries = ({"id": f"r{n}", "text": report.replace("12.5", f"{n}.5")} for n in range(LONG))
    path.write_text("\n".join(map(json.dumps, entries)))
    return path


@dataclass(frozen=True)
class LongRun:
    """A run over two processes that has done all its reports but the last, which waits."""

    process: subprocess.Popen[str]
    arguments: list[str]
    output: Path


@pytest.fixture
def long_run(tmp_path: Path, corpus: Path, obedient, rows_of, wait_for) -> Iterator[LongRun]:
    output = tmp_path / "out" / "records.jsonl"
    arguments = ["extract", str(corpus), "-o", str(output), "--workers", "2", "--method", "rules"]
    obedient.hold(f"r{LONG - 1}")
    with obedient.running(*arguments) as process:
        wait_for(lambda: len(rows_of(manifest_path(output))) == LONG - 1)
        yield LongRun(process, arguments, output)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_an_interrupt_leaves_no_output_and_can_be_resumed(
    long_run: LongRun, obedient, how: signal.Signals
) -> None:
    long_run.process.send_signal(how)
    _, stderr = long_run.process.communicate(timeout=60)
    assert long_run.process.returncode == 130
    assert "interrupted" in stderr
    assert "Traceback" not in stderr
    assert [path.name for path in long_run.output.parent.iterdir()] == ["records.jsonl.manifest"]
    _finish(long_run, obedient)


@pytest.mark.slow
def test_a_kill_leaves_no_output_and_no_process_and_can_be_resumed(
    long_run: LongRun, obedient, wait_for
) -> None:
    pid = long_run.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    long_run.process.kill()
    long_run.process.communicate()
    assert not long_run.output.exists()
    assert len(children) >= 2
    wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
    _finish(long_run, obedient)


def _finish(run: LongRun, obedient) -> None:
    """Resume, keep every report that was done, and write what an undisturbed run writes."""
    obedient.release()
    done = obedient.run(*run.arguments, "--resume", "--json")
    assert done.returncode == 0, done.stderr
    documents = json.loads(done.stdout)["documents"]
    assert (documents["done"], documents["kept"]) == (LONG, LONG - 1)
    assert sorted(path.name for path in run.output.parent.iterdir()) == [
        "records.jsonl",
        "records.jsonl.manifest",
    ]
    resumed = run.output.read_bytes()
    assert obedient.run(*run.arguments, "--quiet").returncode == 0
    assert run.output.read_bytes() == resumed


def _documents(manifest: Path) -> dict[str, sqlite3.Row]:
    with closing(sqlite3.connect(manifest)) as connection:
        connection.row_factory = sqlite3.Row
        return {row["id"]: row for row in connection.execute("SELECT * FROM documents ORDER BY position")}


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["2", "3"])
def test_a_report_that_kills_its_process_is_quarantined_and_costs_no_other(
    tmp_path: Path, corpus: Path, obedient, workers: str
) -> None:
    output = tmp_path / "records.jsonl"
    arguments = ["extract", corpus, "-o", output, "--method", "rules", "--workers", workers]
    obedient.die_at("r3", "r4", "r11")
    done = obedient.run(*arguments)
    assert done.returncode == 3
    rows = _documents(manifest_path(output))
    assert [row["id"] for row in rows.values() if row["status"] == "quarantined"] == ["r3", "r4", "r11"]
    assert [row["status"] for row in rows.values()].count("done") == LONG - 3
    assert "quarantined: two processes that worked on it died (exit status 1)" in rows["r3"]["error"]
    assert f"failed: {corpus}:4: quarantined: two processes" in done.stderr
    assert "9 done, 3 failed (3 quarantined)" in done.stderr
    assert sorted(obedient.begun()) == sorted([f"r{n}" for n in range(LONG)] + ["r3", "r4", "r11"])


@pytest.mark.slow
def test_a_report_that_kills_its_lot_is_found_out_and_costs_no_neighbour(
    tmp_path: Path, corpus: Path, obedient, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["extract", corpus, "--method", "rules", "--workers", "2"]
    obedient.die_at("r3", "r4", "r11")
    alone, lots = tmp_path / "alone.jsonl", tmp_path / "lots.jsonl"
    assert obedient.run(*arguments, "-o", alone).returncode == 3
    begun = len(obedient.begun())
    monkeypatch.setenv("LOT", "24000")
    assert obedient.run(*arguments, "-o", lots).returncode == 3
    rows = _documents(manifest_path(lots))
    assert [row["id"] for row in rows.values() if row["status"] == "quarantined"] == ["r3", "r4", "r11"]
    assert [row["status"] for row in rows.values()].count("done") == LONG - 3
    assert lots.read_bytes() == alone.read_bytes()
    # Lots of 8 and 4: r0 to r3 and r8 to r11 before the two deaths, then all twelve alone.
    assert sorted(obedient.begun()[begun:]) == sorted(f"r{n}" for n in (*range(4), *range(8, 12), *range(12)))


@pytest.mark.slow
def test_quarantine_lasts_while_the_report_is_the_same(tmp_path: Path, corpus: Path, obedient) -> None:
    output = tmp_path / "records.jsonl"
    arguments = ["extract", corpus, "-o", output, "--method", "rules", "--workers", "2", "--resume", "--json"]
    obedient.die_at("r3", "r4")
    assert obedient.run(*arguments).returncode == 3
    begun = len(obedient.begun())
    again = obedient.run(*arguments)
    assert again.returncode == 3
    assert len(obedient.begun()) == begun
    assert "10 done (10 kept from an earlier run, 2 left in quarantine), 2 failed" in again.stderr
    (obedient.orders / "die-r3").unlink()
    corpus.write_text(corpus.read_text().replace('"id": "r3"', '"id": "r3", "title": "another"'))
    changed = json.loads(obedient.run(*arguments).stdout)["documents"]
    assert (changed["kept"], changed["changed"], changed["quarantined"]) == (LONG - 2, 1, 1)
    (obedient.orders / "die-r4").unlink()
    lifted = obedient.run(*arguments, "--retry-quarantined")
    assert lifted.returncode == 0
    assert json.loads(lifted.stdout)["documents"]["kept"] == LONG - 1


@pytest.mark.slow
def test_a_report_that_kills_the_only_process_is_given_one_of_its_own(
    tmp_path: Path, corpus: Path, obedient, rows_of
) -> None:
    output = tmp_path / "records.jsonl"
    arguments = ["extract", corpus, "-o", output, "--method", "rules", "--workers", "1", "--resume"]
    obedient.die_at("r5")
    assert obedient.run(*arguments).returncode == 1
    assert rows_of(manifest_path(output)) == {f"r{n}": "done" for n in range(5)}
    assert obedient.run(*arguments).returncode == 3
    rows = rows_of(manifest_path(output))
    assert [id for id, status in rows.items() if status != "done"] == ["r5"]
    assert (len(rows), rows["r5"]) == (LONG, "quarantined")


@dataclass(frozen=True)
class Found:
    """What stands in the manifest of a run that was killed."""

    done: dict[str, str | None]
    sound: bool


def _look(manifest: Path) -> Found:
    """The records of each report that is done, as SQLite finds them."""
    try:
        with closing(sqlite3.connect(f"{manifest.as_uri()}?mode=ro", uri=True)) as reader:
            rows = dict(reader.execute("SELECT id, hex(records) FROM documents WHERE status = 'done'"))
            return Found(rows, reader.execute("PRAGMA quick_check").fetchall() == [("ok",)])
    except sqlite3.OperationalError as error:
        if "unable to open" in str(error) or "no such table" in str(error):
            return Found({}, True)  # not there yet
        raise


@pytest.mark.slow
def test_kills_at_random_moments_lose_nothing_and_repeat_nothing(
    tmp_path: Path, report: str, obedient, wait_for
) -> None:
    chance, number = random.Random(6), 400
    corpus, output = tmp_path / "corpus.jsonl", tmp_path / "out" / "records.jsonl"
    entries = ({"id": f"r{n}", "text": report.replace("12.5", f"{n}.5")} for n in range(number))
    corpus.write_text("\n".join(map(json.dumps, entries)))
    arguments = ["extract", corpus, "--method", "rules", "--workers", "2", "--quiet"]
    # The last report waits, so that no run is over before it is killed, however long that may take.
    obedient.hold(f"r{number - 1}")
    (obedient.orders / "pace").write_text("0.01")
    manifest, mixed, done = manifest_path(output), 0, {}
    for round in range(KILLS):
        (obedient.orders / "begun").unlink(missing_ok=True)
        with obedient.running(*arguments, "-o", output, "--resume") as running:
            if round % 5:
                goal = min(len(done) + chance.randint(1, 12), number - 1)
                wait_for(lambda goal=goal: len(_look(manifest).done) >= goal)
                time.sleep(chance.uniform(0, 0.03))
            else:
                time.sleep(chance.uniform(0, 1))
            seen = _look(manifest)
            running.kill()
        found = _look(manifest)
        assert found.sound
        assert done.items() <= seen.done.items() <= found.done.items()
        assert not done.keys() & set(obedient.begun())
        assert {path.name.replace(manifest.name, "") for path in output.parent.glob("*")} <= BESIDE
        mixed += 0 < len(found.done) < number
        done = found.done
    assert mixed >= 15
    obedient.release()
    assert obedient.run(*arguments, "-o", output, "--resume").returncode == 0
    assert sorted(path.name for path in output.parent.iterdir()) == [output.name, manifest.name]
    undisturbed = tmp_path / "undisturbed.jsonl"
    (obedient.orders / "pace").unlink()
    assert obedient.run(*arguments, "-o", undisturbed).returncode == 0
    assert output.read_bytes() == undisturbed.read_bytes()


@pytest.mark.slow
def test_a_kill_while_outputs_are_written_leaves_each_old_or_new(
    tmp_path: Path, report: str, obedient, wait_for
) -> None:
    corpus, names = tmp_path / "corpus.jsonl", ("r.jsonl", "r.csv", "r.parquet")
    arguments = ["extract", corpus, "--method", "rules", "--workers", "1", "--quiet"]

    def outputs(folder: str) -> list[Path]:
        return [tmp_path / folder / name for name in names]

    def run(folder: str) -> list[object]:
        return [*arguments, *(word for path in outputs(folder) for word in ("-o", path))]

    def bytes_of(folder: str) -> list[bytes]:
        return [path.read_bytes() for path in outputs(folder)]

    versions = []
    for folder, number in (("out", 7), ("new", 8)):
        entries = ({"id": f"r{n}", "text": report.replace("12.5", f"{number}.5") * 40} for n in range(7))
        corpus.write_text("\n".join(map(json.dumps, entries)))
        assert obedient.run(*run(folder)).returncode == 0
        versions.append(bytes_of(folder))
    assert all(old != new for old, new in zip(*versions, strict=True))
    partial = tmp_path / "out" / ".r.jsonl.partial"
    chance = random.Random(7)
    for _ in range(5):
        with obedient.running(*run("out"), "--resume") as running:
            wait_for(lambda run=running: partial.exists() or run.poll() is not None)
            time.sleep(chance.uniform(0, 0.1))
            running.kill()
        for now, old, new in zip(bytes_of("out"), *versions, strict=True):
            assert now in (old, new)
        partial.unlink(missing_ok=True)
    assert obedient.run(*run("out"), "--resume").returncode == 0
    assert bytes_of("out") == versions[1]
    assert [path.name for path in (tmp_path / "out").glob(".*")] == []
