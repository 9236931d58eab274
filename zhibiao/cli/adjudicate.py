"""`zhibiao annotate adjudicate`: from two annotations to gold."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.agree import complain_of_strays
from zhibiao.cli.app import ExitCode, complain, printable

if TYPE_CHECKING:
    from annotation.adjudication import Decision, Dispute
    from annotation.passes import Passes

__all__ = ["adjudicate"]


def adjudicate(
    a: Annotated[Path, typer.Argument(metavar="A", help="One annotation: a .jsonl file or a folder.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="The other annotation of the same reports.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The gold to write.", show_default=False)],
    decisions: Annotated[
        Path | None,
        typer.Option(
            help="Replay the decisions of a file and ask nothing.  [default: ask, and keep the answers "
            "beside the gold in NAME.decisions.jsonl]",
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(help="Who decides.  [default: the name of the user]", show_default=False),
    ] = None,
    with_text: Annotated[
        bool, typer.Option("--text/--no-text", help="The texts inside, or references to their files.")
    ] = True,
) -> None:
    """Take what two annotators agree on, decide the rest, keep who decided what."""
    from annotation.adjudication import adjudicate as settle
    from annotation.passes import match_passes
    from zhibiao.jsonl import read_gold, write_gold

    passes = match_passes(read_gold(a), read_gold(b))
    if passes.only_a or passes.only_b:
        complain_of_strays(passes, a, b)
        raise typer.Exit(ExitCode.INPUTS_FAILED)
    file = decisions or output.with_suffix(".decisions.jsonl")
    decided = _decided(file, passes, replay=decisions is not None)
    if decisions is None and sys.stdin.isatty():
        decided += _ask(_open(passes, decided), file, by)
    write_gold(output, settle(passes, decided), with_text=with_text)
    _tell(passes, decided, output, file)
    _check(output)


def _decided(file: Path, passes: Passes, *, replay: bool) -> list[Decision]:
    """Earlier decisions; those that nothing asks for any more are named."""
    from annotation.adjudication import stale
    from annotation.decisions import read_decisions

    if not replay and not file.exists():
        return []
    found = read_decisions(file, passes)
    for where in found.foreign:
        typer.echo(printable(f"note: {where} is no report of A and B: the decision is left alone"), err=True)
    for decision in stale(passes, found.known):
        message = f"note: {decision.report}: the decision {decision.choice} of {decision.at} is on readings "
        typer.echo(printable(f"{message}that have changed since; it is left alone"), err=True)
    return list(found.known)


def _open(passes: Passes, decided: Sequence[Decision]) -> list[Dispute]:
    from annotation.adjudication import disputes

    known = {decision.key for decision in decided}
    return [dispute for dispute in disputes(passes) if dispute.key not in known]


def _ask(open_ones: list[Dispute], file: Path, by: str | None) -> list[Decision]:
    """The answers, each on the disk before the next question."""
    from getpass import getuser

    from annotation.asking import ask_all
    from annotation.decisions import append_decision

    answers = []
    for decision in ask_all(
        open_ones, by=by or getuser(), say=lambda line: typer.echo(printable(line)), hear=_hear
    ):
        append_decision(file, decision)
        answers.append(decision)
    return answers


def _hear(prompt: str) -> str:
    return input(printable(prompt))


def _tell(passes: Passes, decided: Sequence[Decision], output: Path, file: Path) -> None:
    from annotation.adjudication import corrections, disputes

    current = {decision.key: decision for decision in decided}
    corrected = len(corrections(passes, current.values()))
    used = [current[dispute.key] for dispute in disputes(passes)]
    choices = Counter(decision.choice.value for decision in used)
    people = ", ".join(sorted({decision.by for decision in used}))
    told = ", ".join(f"{count} {choice}" for choice, count in sorted(choices.items()))
    settled = f"{len(used)} disputes decided by {people} ({told}), kept in {file}" if used else "no disputes"
    settled += f"; {corrected} corrections of what both read alike" if corrected else ""
    typer.echo(printable(f"{output}: {len(passes.reports)} reports; {settled}"), err=True)


def _check(output: Path) -> None:
    """Readings that are right alone may contradict one another together."""
    from annotation.checks import FaultKind, Severity, check

    clashes = (FaultKind.OVERLAP, FaultKind.DUPLICATE_RECORD)
    faults = [fault for fault in check([output]).of(Severity.ERROR) if fault.kind in clashes]
    for fault in faults:
        complain(fault.line())
    if faults:
        raise typer.Exit(ExitCode.INPUTS_FAILED)
