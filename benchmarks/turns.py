"""Several processes that take turns, so that a machine whose speed drifts is equally fast for all of them.

A contestant calls `pause` after some steps and goes on when it is told to; the others' turns lie in between.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

__all__ = ["finish", "pause", "take_turns"]

PAUSED = "contestant paused"
RESULT = "contestant result "


def pause() -> None:
    """In a contestant: a turn is done; comes back when the next one begins."""
    print(PAUSED, flush=True)
    sys.stdin.readline()


def finish(result: str) -> None:
    """In a contestant: all is done, this line is what came of it."""
    print(RESULT + result, flush=True)


def take_turns(commands: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Runs all commands in turns; the line that each of them finished with.

    What they do before their first pause they do side by side.
    """
    results: dict[str, str] = {}
    with ExitStack() as stack:
        running = {name: stack.enter_context(_started(command)) for name, command in commands.items()}
        for name, process in running.items():
            results |= _until_pause(name, process)
        while len(results) < len(running):
            for name in [each for each in running if each not in results]:
                _go_on(running[name])
                results |= _until_pause(name, running[name])
    return {name: results[name] for name in commands}


@contextmanager
def _started(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def _go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def _until_pause(name: str, process: subprocess.Popen[str]) -> dict[str, str]:
    """Reads to the next pause: nothing then; at the end its result."""
    assert process.stdout
    for line in process.stdout:
        if line.startswith(RESULT):
            return {name: line.removeprefix(RESULT)}
        if line.strip() == PAUSED:
            return {}
    raise SystemExit(f"{name} ended without a result, with status {process.wait()}")
