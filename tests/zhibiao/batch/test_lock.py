"""The lock: one holder, none left behind, and taken back from a process that was killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from zhibiao.batch.lock import LockedError, lock_path, locked

HOLD = (
    "import sys, pathlib; from zhibiao.batch.lock import locked\nwith locked(pathlib.Path(sys.argv[1])): {}"
)


def test_one_holder_and_nothing_left(tmp_path: Path) -> None:
    path = tmp_path / "r.manifest"
    for _ in range(2):
        with locked(path):
            assert lock_path(path).exists()
            with pytest.raises(LockedError), locked(path):
                pass
        assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_trying_again_in_the_same_process_gives_nothing_away(tmp_path: Path) -> None:
    path = tmp_path / "r.manifest"
    command = [sys.executable, "-c", HOLD.format("print('held')"), str(path)]
    with locked(path):
        with pytest.raises(LockedError), locked(path):
            pass
        other = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "LockedError" in other.stderr and "held" not in other.stdout


def test_an_error_inside_releases_it(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), locked(tmp_path / "r"):
        raise RuntimeError
    with locked(tmp_path / "r"):
        pass


@pytest.mark.slow
def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "r.manifest"
    program = HOLD.format("print('held', flush=True); sys.stdin.read()")
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockedError), locked(path):
            pass
        holder.kill()
    assert lock_path(path).exists()
    with locked(path):
        pass
    assert not lock_path(path).exists()


@pytest.mark.slow
def test_many_at_once_are_one_after_the_other(tmp_path: Path) -> None:
    """Each adds one to a number in a file, by reading and writing it, for which it must be alone."""
    path, number = tmp_path / "r.manifest", tmp_path / "number"
    number.write_text("0")
    program = (
        "import sys, pathlib; from zhibiao.batch.lock import locked, LockedError\n"
        "path, number = map(pathlib.Path, sys.argv[1:])\n"
        "left = 40\n"
        "while left:\n"
        "    try:\n"
        "        with locked(path): number.write_text(str(int(number.read_text()) + 1)); left -= 1\n"
        "    except LockedError: pass\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", program, str(path), str(number)]) for _ in range(3)]
    assert [run.wait() for run in runs] == [0, 0, 0]
    assert number.read_text() == "120"
