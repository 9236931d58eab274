"""`zhibiao annotate next`: which reports or paragraphs of a pool to label next, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.app import ExitCode, complain, printable
from zhibiao.errors import DataError

if TYPE_CHECKING:
    from annotation.next import Chosen
    from zhibiao.schema import Document

__all__ = ["choose_next"]


class By(StrEnum):
    """What is labelled at once."""

    REPORT = "report"
    PARAGRAPH = "paragraph"


def choose_next(
    *,
    model: Annotated[Path, typer.Option(help="The folder of a model.", show_default=False)],
    pool: Annotated[
        list[str],
        typer.Option(
            help="Unlabelled reports: files, folders, JSONL, quoted globs; repeatable.", show_default=False
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The .jsonl file to write.", show_default=False)
    ],
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="How many to choose.")] = 20,
    by: Annotated[By, typer.Option(help="Choose whole reports, or paragraphs of them.")] = By.REPORT,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Choose what to label next: where the model doubts, rules and model disagree, and the matter is new.

    The output is JSONL that `zhibiao annotate push` takes, with the reasons of each text.
    """
    from annotation.next import candidates, choose, write_chosen
    from zhibiao.cli.label_studio import documents_of
    from zhibiao.cli.predictors import Method, choose_predictor
    from zhibiao.cli.progress import progress
    from zhibiao.rules import RulePredictor

    failed: list[str] = []
    factory, _ = choose_predictor(Method.MODEL, model)
    with progress("reports", quiet=quiet) as advance:
        documents = _watched(documents_of(pool, failed), advance)
        found = list(candidates(documents, factory(), RulePredictor(), by=by.value))
    for reason in failed:
        complain(reason)
    if not found:
        raise DataError(f"{', '.join(pool)}: neither model nor rules find a record; name another pool")
    chosen = choose(found, count)
    write_chosen(output, chosen)
    if not quiet:
        _print(chosen)
        typer.echo(printable(f"{len(chosen)} of {len(found)} written to {output}"), err=True)
    if failed:
        raise typer.Exit(ExitCode.INPUTS_FAILED)


def _watched(documents: Iterable[Document], advance: Callable[[int], None]) -> Iterator[Document]:
    for document in documents:
        yield document
        advance(len(document.text))


def _print(chosen: Sequence[Chosen]) -> None:
    for rank, one in enumerate(chosen, start=1):
        reasons = one.candidate
        typer.echo(
            printable(
                f"{rank:3} {reasons.name}: doubt {reasons.doubt:.2f}, "
                f"disagreement {reasons.disagreement:.2f}, novelty {one.novelty:.2f}"
            )
        )
