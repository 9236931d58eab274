"""Runs the command line where some packages cannot be imported, and tells which of them were wanted.

python only.py WITHOUT,... ARGUMENTS...
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class Blocked(MetaPathFinder):
    """Finds no package of these names, and says so to whoever asks."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = frozenset(names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in self._names:
            raise ModuleNotFoundError(f"{fullname} was wanted", name=fullname)
        return None


if __name__ == "__main__":
    sys.meta_path.insert(0, Blocked(sys.argv[1].split(",")))
    from zhibiao.cli import main

    sys.argv = ["zhibiao", *sys.argv[2:]]
    main()
