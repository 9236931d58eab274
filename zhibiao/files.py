"""Output files that are whole or not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from zhibiao.errors import WriteError

__all__ = ["partial_path", "unwritable", "whole_file"]


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it becomes `path` when the block ends well, else it is removed."""
    partial = partial_path(path)
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def partial_path(path: Path) -> Path:
    """In the same folder, so that it is put in place at once; always the same, so that nothing piles up."""
    return path.with_name(f".{path.name}.partial")


def unwritable(path: Path, error: OSError) -> WriteError:
    """Why an output cannot be written, and what to try."""
    reason = error.strerror or str(error)
    return WriteError(f"{path}: cannot be written ({reason}); choose another place, or free it")
