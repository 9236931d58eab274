"""`zhibiao annotate agree`: how far two annotations of the same reports agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.app import ExitCode, complain
from zhibiao.view.lang import Lang

if TYPE_CHECKING:
    from annotation.agreement import Agreement
    from annotation.passes import Passes

__all__ = ["agree", "complain_of_strays"]


def agree(
    a: Annotated[Path, typer.Argument(metavar="A", help="One annotation: a .jsonl file or a folder.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="The other annotation of the same reports.")],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Write a page (.html) of the disagreements, A above B.", show_default=False
        ),
    ] = None,
    lang: Annotated[Lang, typer.Option(help="The language that the page opens in.")] = Lang.ZH,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
) -> None:
    """How far two annotators agree: spans, records, Krippendorff's alpha, and a page of what differs."""
    from annotation.agreement import measure_agreement
    from annotation.agreement_view import agreement_to_json
    from zhibiao.jsonl import dumps, read_gold

    agreement = measure_agreement(read_gold(a), read_gold(b))
    if output:
        _write(output, agreement, lang)
    if as_json:
        typer.echo(json.dumps(json.loads(dumps(agreement_to_json(agreement))), ensure_ascii=True, indent=2))
    else:
        _print(agreement)
    complain_of_strays(agreement.passes, a, b)
    if agreement.passes.only_a or agreement.passes.only_b:
        raise typer.Exit(ExitCode.INPUTS_FAILED)


def complain_of_strays(passes: Passes, a: Path, b: Path) -> None:
    """Name the reports that only one of the two holds."""
    for path, ids in ((a, passes.only_a), (b, passes.only_b)):
        if ids:
            complain(f"only {path} holds {', '.join(ids)}: left out; annotate them in both")


def _write(path: Path, agreement: Agreement, lang: Lang) -> None:
    from annotation.agreement_view import page
    from zhibiao.files import whole_file
    from zhibiao.view import write_page

    title = "标注分歧 A / B" if lang is Lang.ZH else "Disagreements A / B"
    with whole_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        write_page(file, page(agreement), lang=lang, title=title)


def _print(agreement: Agreement) -> None:
    from rich.console import Console

    from annotation.agreement_view import tables

    console = Console()
    for table in tables(agreement):
        console.print(table)
