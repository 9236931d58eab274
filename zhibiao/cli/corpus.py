"""What commands that read a corpus share: which reports there are, and which districts stay out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["Corpus", "Without", "WithoutFile", "names_left_out"]

Corpus = Annotated[
    list[str],
    typer.Argument(
        metavar="CORPUS...",
        help="JSONL of reports (.jsonl, .jsonl.gz), report files, folders, quoted globs.",
        show_default=False,
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        help="Leave out reports of this district (in region, city, publisher, title or id); repeatable.",
        metavar="NAME",
        show_default=False,
    ),
]
WithoutFile = Annotated[
    list[Path] | None,
    typer.Option(help="Leave out the districts of a file, one name a line.", show_default=False),
]


def names_left_out(
    names: Sequence[str] | None, files: Sequence[Path] | None, gold: Sequence[Path] | None = None
) -> tuple[str, ...]:
    """Each once: the names, those of the files, and the places of the gold."""
    from annotation.silver import places_of, read_names
    from zhibiao.jsonl import read_gold

    listed = (name for path in files or () for name in read_names(path))
    scored = (name for path in gold or () for name in places_of(read_gold(path)))
    return tuple(dict.fromkeys([*(names or ()), *listed, *scored]))
