"""`zhibiao schema`: the JSON Schema of a record."""

from __future__ import annotations

import typer

__all__ = ["register", "schema"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("schema")(schema)


def schema() -> None:
    """Print the JSON Schema of a record, one object of `records.jsonl`."""
    import json

    from zhibiao.jsonl import record_schema

    typer.echo(json.dumps(record_schema(), ensure_ascii=False, indent=2))
