"""Output folders that are whole or not there, however many processes make them at once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from zhibiao.files import unwritable

__all__ = ["whole_folder"]

_ATTEMPTS = 100


@contextmanager
def whole_folder(place: Path, mark: str, *, replace: bool) -> Iterator[Path]:
    """A folder beside `place` to write to; it becomes `place` when the block ends well, else it is removed.

    Where another process was first, it takes that one's place, or without `replace` gives way to it, if the
    file `mark` shows that it is whole.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as name:
            fresh = Path(name) / "new"
            fresh.mkdir()
            yield fresh
            if replace or not (place / mark).is_file():
                _put(fresh, place, mark, replace=replace)
    except OSError as error:
        raise unwritable(place, error) from error


def _put(fresh: Path, place: Path, mark: str, *, replace: bool) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            fresh.rename(place)
            return
        except OSError:
            if not place.exists() or attempt == _ATTEMPTS - 1:
                raise
        if not replace and (place / mark).is_file():
            return
        with suppress(FileNotFoundError):
            place.rename(fresh.with_name(f"old-{attempt}"))
