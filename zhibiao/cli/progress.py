"""A progress line on stderr for what takes over a second, and only where a person watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["progress"]

PATIENCE = 1.0
"""Seconds before the line appears."""


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Gives `advance(characters)`, to be called once per item done."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    line = _Line(what)
    try:
        yield line.advance
    finally:
        line.close()


class _Line:
    """Counts items and characters, and shows them once patience is over."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._started = time.monotonic()
        self._items = 0
        self._characters = 0
        self._shown: Progress | None = None

    def advance(self, characters: int) -> None:
        """One more item is done."""
        self._items += 1
        self._characters += characters
        if self._shown is None and time.monotonic() - self._started > PATIENCE:
            self._shown = _start()
        if self._shown is not None:
            self._shown.update(self._shown.task_ids[0], description=self._describe())

    def close(self) -> None:
        """Take the line away."""
        if self._shown is not None:
            self._shown.stop()

    def _describe(self) -> str:
        speed = self._characters / (time.monotonic() - self._started)
        return f"{self._items:,} {self._what}, {speed:,.0f} characters/s"


def _start() -> Progress:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    shown = Progress(*columns, console=Console(stderr=True), transient=True)
    shown.add_task("", total=None)
    shown.start()
    return shown
