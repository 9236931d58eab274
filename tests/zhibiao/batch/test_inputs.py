"""What the user names becomes tasks; nothing that was named disappears."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.batch.inputs import Rejected, Task, discover, fingerprint


def tasks(*named: object, own: tuple[Path, ...] = ()) -> list[Task]:
    return [item for item in discover(map(str, named), own=own) if isinstance(item, Task)]


def rejections(*named: object, own: tuple[Path, ...] = ()) -> list[Rejected]:
    return [item for item in discover(map(str, named), own=own) if isinstance(item, Rejected)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    for name in ("b.txt", "a.html", "sub/c.PDF", "sub/.hidden.txt", "notes.md", "gold.jsonl", "d.wps"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    return folder


def test_a_folder_is_walked_in_the_order_of_names(folder: Path) -> None:
    assert [Path(task.path).name for task in tasks(folder)] == ["a.html", "b.txt", "d.wps", "c.PDF"]


def test_what_a_folder_holds_beside_reports_is_listed_with_its_reason(folder: Path) -> None:
    reasons = {Path(item.path).name: item.reason for item in rejections(folder)}
    assert set(reasons) == {"notes.md", "gold.jsonl", ".hidden.txt"}
    assert ".md" in reasons["notes.md"]
    assert "named itself" in reasons["gold.jsonl"]
    assert not any(item.failed for item in rejections(folder))


def test_a_folder_without_reports_is_a_failure(tmp_path: Path) -> None:
    (found,) = rejections(tmp_path)
    assert found.failed
    assert ".docx" in found.reason


def test_linked_folders_are_not_followed(folder: Path) -> None:
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    assert len(tasks(folder)) == 4
    assert any(item.path.endswith("loop") and "link" in item.reason for item in rejections(folder))


def test_globs_are_expanded_in_order_and_an_empty_one_fails(folder: Path) -> None:
    assert [Path(task.path).name for task in tasks(folder / "*.txt", folder / "**/*.PDF")] == [
        "b.txt",
        "c.PDF",
    ]
    (found,) = rejections(folder / "*.docx")
    assert found.failed
    assert "no file matches" in found.reason


def test_a_name_with_brackets_that_exists_is_no_pattern(tmp_path: Path) -> None:
    file = tmp_path / "report[1].txt"
    file.write_text("x")
    assert [task.path for task in tasks(file)] == [str(file)]


def test_inputs_of_one_name_get_ids_of_their_own(tmp_path: Path) -> None:
    for sub in "xyz":
        (tmp_path / sub).mkdir()
        (tmp_path / sub / "report.txt").write_text("x")
    found = tasks(tmp_path)
    assert [task.id for task in found] == ["report", "report-2", "report-3"]
    assert found[0].note is None
    assert "report-2" in (found[1].note or "")


def test_a_sidecar_gives_the_id(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text("x")
    (tmp_path / "report.toml").write_text('id = "weitang-2023"')
    assert [task.id for task in tasks(tmp_path / "report.txt")] == ["weitang-2023"]


def test_jsonl_streams_its_lines_plain_and_gzipped(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": f"r{n}", "text": "x"}) + "\n" for n in range(3)) + "\n"
    (tmp_path / "a.jsonl").write_text(lines)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    found = tasks(tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz")
    assert [task.id for task in found] == ["r0", "r1", "r2", "r0-2", "r1-2", "r2-2"]
    assert [task.line for task in found] == [1, 2, 3, 1, 2, 3]


def test_a_line_without_id_is_named_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'\n{"text": "x"}'))
    assert [task.id for task in tasks(tmp_path / "a.jsonl.gz")] == ["a-line2"]


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        (b"{", "not JSON"),
        (b"[1]", "a JSON list"),
        (b'{"id": "a", "file": "a.txt"}', "no string `text` among the keys id, file"),
        (b'{"text": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_fails_alone(tmp_path: Path, line: bytes, finding: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "x"}\n' + line + b'\n{"text": "y"}\n')
    (found,) = rejections(path)
    assert len(tasks(path)) == 2
    assert (found.line, found.failed) == (2, True)
    assert finding in found.reason


def test_a_gzip_cut_short_fails_after_its_good_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    lines = b"".join(json.dumps({"text": os.urandom(2000).hex()}).encode() + b"\n" for _ in range(100))
    path.write_bytes(gzip.compress(lines)[:-2000])
    assert len(tasks(path)) > 50
    (found,) = rejections(path)
    assert found.failed


def test_this_runs_own_files_are_no_inputs(tmp_path: Path) -> None:
    for name in ("a.txt", "records.txt"):
        (tmp_path / name).write_text("x")
    assert [task.id for task in tasks(tmp_path, own=(tmp_path / "records.txt",))] == ["a"]
    assert any("this run" in item.reason for item in rejections(tmp_path, own=(tmp_path / "records.txt",)))


def test_positions_count_everything(folder: Path) -> None:
    found = list(discover([str(folder), str(folder / "b.txt")]))
    assert [item.position for item in found] == list(range(len(found)))


@given(st.lists(st.text(max_size=3), max_size=30))
def test_ids_are_always_unique_and_writable(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[str]
) -> None:
    path = tmp_path_factory.mktemp("ids") / "a.jsonl"
    path.write_text("".join(json.dumps({"id": name, "text": ""}) + "\n" for name in [*wanted, "\ud800"]))
    ids = [task.id for task in tasks(path)]
    assert len(set(ids)) == len(wanted) + 1
    assert "\n".join(ids).encode("utf-8")


def test_the_fingerprint_follows_the_file_and_its_sidecar(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    task = Task("a", str(path))
    first = fingerprint(task)
    path.write_text("y")
    second = fingerprint(task)
    (tmp_path / "a.toml").write_text("report_year = 2023")
    assert len({first, second, fingerprint(task)}) == 3


def test_the_fingerprint_of_a_line_follows_its_text_and_metadata() -> None:
    entries = [{"text": "x"}, {"text": "y"}, {"text": "x", "year": 2023}, {"text": "\ud800"}]
    assert len({fingerprint(Task("a", "a.jsonl", 1, entry)) for entry in entries}) == 4
