"""One run at a time: an exclusive lock that ends with the process that holds it, however it ends."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["LockedError", "lock_path", "locked"]


class LockedError(Exception):
    """Another run holds the lock."""


def lock_path(path: Path) -> Path:
    """A hidden file beside `path`, there while a run lasts and after one that was killed."""
    return path.with_name(f".{path.name}.lock")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of `path` or raise LockedError at once; OSError where no lock file can be made.

    The lock is SQLite's on an empty file: it works the same on every system, and the system takes it back
    from a process that was killed.
    """
    file = lock_path(path)
    while True:
        with _pinned(file) as before:
            connection = _acquire(file)
            # Who held it may have removed the file after we opened it: we then locked one that nobody sees.
            if before is not None and before == _identity(file):
                break
        connection.close()
    try:
        yield
    finally:
        # Removed while it is held, so that nobody can have it in between; where that is not allowed it stays.
        with suppress(OSError):
            file.unlink()
        connection.close()


def _acquire(file: Path) -> sqlite3.Connection:
    connection = _open(file)
    try:
        # Nothing is ever written, so there is nothing to keep a journal of.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise LockedError from error
    return connection


def _open(file: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(file, timeout=0, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise OSError(None, f"{error}: {file}") from error


@contextmanager
def _pinned(file: Path) -> Iterator[tuple[int, int] | None]:
    """The identity of the file, which no later file can be given while this lasts.

    A plain descriptor would take SQLite's lock with it when it is closed; one of O_PATH does not. Systems
    without it do not remove a file that is open, or leave a chance too small to meet.
    """
    if not hasattr(os, "O_PATH"):
        yield _identity(file)
        return
    try:
        pin = os.open(file, os.O_PATH)
    except FileNotFoundError:
        yield None
        return
    try:
        found = os.fstat(pin)
        yield found.st_dev, found.st_ino
    finally:
        os.close(pin)


def _identity(file: Path) -> tuple[int, int] | None:
    """Which file stands under the name."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
