"""Processes in turns: one at a time, all to their end, and none lost in silence."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.turns import take_turns

STEPS = """
import sys
from pathlib import Path
from benchmarks.turns import finish, pause

name, count, log = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
for step in range(count):
    pause()
    print("noise of a library")
    with log.open("a") as file:
        file.write(f"{name}{step} ")
if name == "bad":
    sys.exit(3)
finish(f"{name} is done")
"""


def _command(name: str, count: int, log: Path) -> list[str]:
    return [sys.executable, "-c", STEPS, name, str(count), str(log)]


def test_contestants_go_one_after_another_until_all_are_done(tmp_path: Path) -> None:
    log = tmp_path / "log"
    results = take_turns({"a": _command("a", 2, log), "b": _command("b", 4, log)})
    assert results == {"a": "a is done\n", "b": "b is done\n"}
    assert log.read_text().split() == ["a0", "b0", "a1", "b1", "b2", "b3"]


def test_a_contestant_without_a_result_ends_all(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(SystemExit, match="bad ended without a result, with status 3"):
        take_turns({"bad": _command("bad", 1, log), "b": _command("b", 4, log)})
