"""`zhibiao audit`: contradictions between records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.view.lang import Lang

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhibiao.audit import Audit, Finding

__all__ = ["audit", "register"]

SHOWN = 20
"""Findings that are printed, unless more are asked for."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("audit")(audit)


def audit(
    records: Annotated[
        list[Path], typer.Argument(help="Records: JSONL that `zhibiao extract` wrote, one file or several.")
    ],
    *,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="The folder to write findings and page to.", show_default=False),
    ],
    lang: Annotated[Lang, typer.Option(help="The language of the reasons, and of the page.")] = Lang.ZH,
    show: Annotated[int, typer.Option(min=0, help="How many findings to print.")] = SHOWN,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON on stdout.")] = False,
) -> None:
    """Find what contradicts itself: values against growth, parts against totals, targets against results."""
    from zhibiao.audit import Audit, Outputs, summary_to_json, write_audit
    from zhibiao.series import RecordFiles

    run, outputs = Audit(RecordFiles(records)), Outputs(output)
    findings = write_audit(run, outputs, lang=lang)
    if as_json:
        typer.echo(json.dumps(summary_to_json(run, findings), ensure_ascii=True))
    elif not quiet:
        _print(run, findings[:show], lang)
        typer.echo(f"{outputs.page}: {len(findings)} findings in {run.files.n_records:,} records", err=True)


def _print(run: Audit, findings: Sequence[Finding], lang: Lang) -> None:
    from rich.console import Console

    from zhibiao.audit import counts_table, findings_table

    console = Console()
    console.print(counts_table(run, lang))
    if findings:
        console.print(findings_table(findings, lang))
