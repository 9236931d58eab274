"""The manifest keeps results between runs, for one run at a time."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from zhibiao.batch.manifest import Outcome, Status, manifest_path, open_manifest
from zhibiao.errors import WriteError

SETTINGS = {"predictor": "rules/1"}


def done(position: int, id: str, lines: bytes = b'{"a": 1}\n{"a": 2}') -> Outcome:
    return Outcome(
        position=position,
        id=id,
        path=f"{id}.txt",
        status=Status.DONE,
        fingerprint=id,
        n_records=2,
        n_targets=1,
        characters=10,
        records=gzip.compress(lines),
    )


def failed(position: int, id: str) -> Outcome:
    return Outcome(position=position, id=id, path=f"{id}.txt", status=Status.FAILED, error="broken")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return manifest_path(tmp_path / "records.jsonl")


def test_it_stands_beside_the_output(path: Path) -> None:
    assert path.name == "records.jsonl.manifest"


def test_records_come_in_the_order_of_positions(path: Path) -> None:
    with open_manifest(path, SETTINGS, resume=False) as manifest:
        manifest.add(done(1, "b", b'{"b": "\xe2\x80\xa8"}'))
        manifest.add(done(0, "a"))
        manifest.add(failed(2, "c"))
        assert list(manifest.lines()) == [b'{"a": 1}', b'{"a": 2}', b'{"b": "\xe2\x80\xa8"}']
        assert [outcome.id for outcome in manifest.outcomes()] == ["a", "b", "c"]
        totals = manifest.totals()
    assert (totals.done, totals.failed, totals.records, totals.targets, totals.characters) == (2, 1, 4, 2, 20)


def test_a_resumed_run_keeps_what_is_done_and_only_that(path: Path) -> None:
    with open_manifest(path, SETTINGS, resume=False) as manifest:
        for outcome in (done(0, "a"), failed(1, "b"), done(2, "c")):
            manifest.add(outcome)
    with open_manifest(path, SETTINGS, resume=True) as manifest:
        assert manifest.earlier == {"a": "done", "b": "failed", "c": "done"}
        assert manifest.keep(5, id="a", fingerprint="a")
        assert not manifest.keep(6, id="c", fingerprint="changed")
        manifest.forget_unnamed()
        assert [(outcome.position, outcome.id) for outcome in manifest.outcomes()] == [(5, "a")]


def test_a_fresh_run_forgets(path: Path) -> None:
    with open_manifest(path, SETTINGS, resume=False) as manifest:
        manifest.add(done(0, "a"))
    with open_manifest(path, SETTINGS, resume=False) as manifest:
        assert manifest.earlier == {}


def test_results_of_another_predictor_are_not_kept(path: Path) -> None:
    with open_manifest(path, SETTINGS, resume=False) as manifest:
        manifest.add(done(0, "a"))
    with open_manifest(path, {"predictor": "rules/2"}, resume=True) as manifest:
        assert manifest.earlier == {}
        assert manifest.dropped == {"predictor": ("rules/1", "rules/2")}
        assert list(manifest.outcomes()) == []


def test_where_nothing_was_done_nothing_is_dropped(path: Path) -> None:
    for settings in (SETTINGS, {"predictor": "rules/2"}, {"predictor": "rules/2"}):
        with open_manifest(path, settings, resume=True) as manifest:
            assert manifest.dropped == {}


def test_quarantine_lasts_until_it_is_lifted(path: Path) -> None:
    aside = replace(failed(0, "a"), status=Status.QUARANTINED, fingerprint="a")
    with open_manifest(path, SETTINGS, resume=False) as manifest:
        manifest.add(aside)
        manifest.add(failed(1, "b"))
        assert [outcome.id for outcome in manifest.failures()] == ["a", "b"]
        assert (manifest.totals().failed, manifest.totals().quarantined) == (2, 1)
    with open_manifest(path, SETTINGS, resume=True) as manifest:
        assert manifest.keep(0, id="a", fingerprint="a")
        manifest.forget_unnamed()
        assert [outcome.status for outcome in manifest.outcomes()] == ["quarantined"]
    with open_manifest(path, SETTINGS, resume=True, retry_quarantined=True) as manifest:
        assert manifest.earlier == {"a": "quarantined"}
        assert not manifest.keep(0, id="a", fingerprint="a")


def test_a_run_that_dies_at_a_report_tells_the_next_one(path: Path) -> None:
    with open_manifest(path, SETTINGS, resume=False) as manifest:
        manifest.begin("a")
    with open_manifest(path, SETTINGS, resume=True) as manifest:
        assert manifest.suspect == "a"
        manifest.begin(None)
    with open_manifest(path, SETTINGS, resume=True) as manifest:
        assert manifest.suspect is None


def test_what_is_done_survives_an_exception(path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), open_manifest(path, SETTINGS, resume=False) as manifest:
        manifest.add(done(0, "a"))
        raise KeyboardInterrupt
    with open_manifest(path, SETTINGS, resume=True) as manifest:
        assert manifest.earlier == {"a": "done"}


def test_what_was_added_is_there_at_once_for_others(path: Path, rows_of) -> None:
    with open_manifest(path, SETTINGS, resume=False) as manifest:
        manifest.add(done(0, "a"))
        assert rows_of(path) == {"a": "done"}
        manifest.add(failed(1, "b"))
        assert rows_of(path) == {"a": "done", "b": "failed"}


def test_a_reader_that_stays_costs_nothing(path: Path, rows_of) -> None:
    with closing(sqlite3.connect(path)) as reader:
        with open_manifest(path, SETTINGS, resume=False) as manifest:
            manifest.add(done(0, "a"))
            reader.execute("BEGIN")
            assert reader.execute("SELECT COUNT(*) FROM documents").fetchall() == [(1,)]
            manifest.add(done(1, "b"))
        assert rows_of(path) == {"a": "done", "b": "done"}
    with open_manifest(path, SETTINGS, resume=True) as manifest:
        assert manifest.earlier == {"a": "done", "b": "done"}
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_folder_that_takes_no_lock_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with (
        pytest.raises(WriteError, match="cannot be written"),
        open_manifest(tmp_path / "file" / "records.manifest", SETTINGS, resume=False),
    ):
        pass


def test_one_run_at_a_time(path: Path) -> None:
    with (
        open_manifest(path, SETTINGS, resume=False),
        pytest.raises(WriteError, match="another run"),
        open_manifest(path, SETTINGS, resume=True),
    ):
        pass


def test_nothing_stands_beside_a_closed_manifest(path: Path) -> None:
    with open_manifest(path, SETTINGS, resume=False) as manifest:
        manifest.add(done(0, "a"))
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_file_of_another_kind_is_refused_and_kept(path: Path) -> None:
    path.write_text("my own notes, no database at all " * 100)
    with (
        pytest.raises(WriteError, match="not a zhibiao manifest"),
        open_manifest(path, SETTINGS, resume=False),
    ):
        pass
    assert path.read_text().startswith("my own notes")


def test_a_database_of_another_program_is_refused_and_kept(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE documents (precious TEXT)")
    other.close()
    with (
        pytest.raises(WriteError, match="no zhibiao-manifest-1"),
        open_manifest(path, SETTINGS, resume=False),
    ):
        pass
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT * FROM documents").fetchall() == []
    other.close()


def test_names_that_are_no_text_are_escaped(path: Path) -> None:
    with open_manifest(path, SETTINGS, resume=False) as manifest:
        manifest.add(Outcome(position=0, id=None, path="\udcff.txt", status=Status.SKIPPED, error="\ud800"))
        (outcome,) = manifest.outcomes()
    assert (outcome.path, outcome.error) == ("\\udcff.txt", "\\ud800")
