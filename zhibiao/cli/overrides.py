"""Metadata that the user states on the command line, which wins over everything that is found."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["City", "District", "Publisher", "ReportYear", "SittingYear", "Title", "stated"]

_PANEL = "Metadata (of a single report)"

Title = Annotated[str | None, typer.Option(help="The report's title.", rich_help_panel=_PANEL)]
Publisher = Annotated[str | None, typer.Option(help="Who published it.", rich_help_panel=_PANEL)]
District = Annotated[str | None, typer.Option(help="The district (区, 县).", rich_help_panel=_PANEL)]
City = Annotated[str | None, typer.Option(help="The city.", rich_help_panel=_PANEL)]
ReportYear = Annotated[
    int | None, typer.Option(help="The year that the report reviews.", rich_help_panel=_PANEL)
]
SittingYear = Annotated[
    int | None, typer.Option(help="The year in which the report was given.", rich_help_panel=_PANEL)
]


def stated(**options: str | int | None) -> dict[str, str | int]:
    """The options that were given."""
    return {name: value for name, value in options.items() if value is not None}
