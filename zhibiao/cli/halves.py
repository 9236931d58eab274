"""The option `--half`: what is tuned on one half of the reports is told on both."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

__all__ = ["Half", "HalfOption"]


class Half(StrEnum):
    """Which half of the reports, every second by id."""

    EVEN = "even"
    ODD = "odd"


HalfOption = Annotated[
    Half | None,
    typer.Option(help="Every second report by id: even takes the first, third, ...", show_default=False),
]
