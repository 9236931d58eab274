"""`zhibiao annotate push` and `pull`: reports to Label Studio, gold back from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhibiao.cli.app import ExitCode, complain, printable
from zhibiao.errors import ConfigError, ServiceError, ZhibiaoError

if TYPE_CHECKING:
    from annotation.label_studio import PreAnnotated, Pulled, Pushed, Server
    from zhibiao.schema import Document, GoldReport

__all__ = ["documents_of", "pull", "push"]

_PANEL = "Server"

Url = Annotated[
    str,
    typer.Option(
        "--url", envvar="LABEL_STUDIO_URL", help="Where Label Studio answers.", rich_help_panel=_PANEL
    ),
]
Token = Annotated[
    str,
    typer.Option(
        "--token",
        envvar="LABEL_STUDIO_API_KEY",
        help="Your access token, from Account & Settings.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
Attempts = Annotated[
    int,
    typer.Option(
        min=1,
        help="How often a request that fails is sent, with longer and longer waits.",
        rich_help_panel=_PANEL,
    ),
]


class By(StrEnum):
    """How a report becomes tasks."""

    REPORT = "report"
    SECTION = "section"


def push(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="REPORT...",
            help="Report files, folders, JSONL of reports; with `--with gold`: gold .jsonl.",
            show_default=False,
        ),
    ],
    *,
    project: Annotated[
        str, typer.Option(help="The project's title; it is made if there is none.", show_default=False)
    ],
    filled: Annotated[
        str,
        typer.Option(
            "--with",
            metavar="nothing|rules|gold|MODEL",
            help="What annotators find filled in: by rules, by the model in a folder, or the gold's records.",
        ),
    ] = "nothing",
    by: Annotated[By, typer.Option(help="A task per report, or per section of the first level.")] = By.REPORT,
    annotators: Annotated[
        int | None, typer.Option(min=1, help="How many people label each task.", show_default=False)
    ] = None,
    url: Url = "http://localhost:8080",
    token: Token = "",
    attempts: Attempts = 6,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Bring reports into a Label Studio project, with predictions; what is there is not sent again."""
    from annotation.label_studio import Split
    from annotation.label_studio import push as run
    from zhibiao.cli.progress import progress

    failed: list[str] = []
    reports = _reports(inputs, filled, failed)
    with _connect(url, token, attempts, quiet) as server, progress("reports", quiet=quiet) as advance:
        done = run(
            server,
            project,
            reports,
            split=Split(by),
            annotators=annotators,
            on_report=lambda document: advance(len(document.text)),
        )
    _tell_push(done, url, quiet=quiet)
    for reason in (*failed, *done.refused):
        complain(reason)
    if failed or done.refused:
        raise typer.Exit(ExitCode.INPUTS_FAILED)


def _connect(url: str, token: str, attempts: int, quiet: bool) -> AbstractContextManager[Server]:
    from annotation.label_studio import Patience, connect

    def on_wait(reason: str) -> None:
        if not quiet:
            typer.echo(printable(reason), err=True)

    return connect(url, token, Patience(attempts=attempts, on_wait=on_wait))


def _reports(inputs: list[str], filled: str, failed: list[str]) -> Iterator[PreAnnotated]:
    from annotation.label_studio import as_predicted, bare, pre_annotate
    from zhibiao.jsonl import read_gold

    if filled == "gold":
        return as_predicted(report for path in inputs for report in read_gold(path))
    documents = documents_of(inputs, failed)
    if filled == "nothing":
        return bare(documents)
    factory, _ = _predictor(filled)
    return pre_annotate(documents, factory())


def _predictor(filled: str) -> tuple[Any, str]:
    from zhibiao.cli.predictors import Method, choose_predictor

    if filled == "rules":
        return choose_predictor(Method.RULES, None)
    if not Path(filled).is_dir():
        raise ConfigError(
            f"--with {filled}: no such folder; give nothing, rules, gold, or the folder of a model"
        )
    return choose_predictor(Method.COMBINED, Path(filled))


def documents_of(inputs: Iterable[str], failed: list[str]) -> Iterator[Document]:
    """What can be read; what cannot is added to `failed` with its reason."""
    from zhibiao.batch import Rejected, discover, document_of

    for item in discover(inputs):
        if isinstance(item, Rejected):
            if item.failed:
                failed.append(f"{item.path}: {item.reason}")
            continue
        try:
            yield document_of(item, {})
        except ZhibiaoError as error:
            failed.append(str(error))


def _tell_push(done: Pushed, url: str, *, quiet: bool) -> None:
    if not quiet:
        there = f", {done.present} were there already" if done.present else ""
        typer.echo(
            f"{done.imported} tasks sent{there}, {done.predicted} of them filled in; the project now has "
            f"{done.project.n_tasks}: {url.rstrip('/')}/projects/{done.project.id}"
        )


def pull(
    *,
    project: Annotated[
        str | None, typer.Option(help="The project's title on the server.", show_default=False)
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            "--from", help="A project exported as JSON, in the place of a server.", show_default=False
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The gold .jsonl to write.", show_default=False)
    ],
    annotator: Annotated[
        str | None,
        typer.Option(help="Take this annotator's version, by mail address or id.", show_default=False),
    ] = None,
    each: Annotated[
        bool,
        typer.Option(
            "--all", help="A file per annotator, its name before the suffix: gold.anna@x.org.jsonl."
        ),
    ] = False,
    lenient: Annotated[
        bool,
        typer.Option("--lenient", help="Write reports with problems too, without what is wrong in them."),
    ] = False,
    url: Url = "http://localhost:8080",
    token: Token = "",
    attempts: Attempts = 6,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Write what people labelled as gold. Reports with a problem are left out, each problem by name."""
    from annotation.label_studio import annotators, read_export
    from annotation.label_studio import pull as run

    if (project is None) == (export is None):
        raise ConfigError("give either --project NAME or --from EXPORT.json")
    if annotator and each:
        raise ConfigError("give either --annotator or --all")
    if export is not None:
        tasks, names = read_export(export), dict[int, str]()
    else:
        with _connect(url, token, attempts, quiet) as server:
            tasks, names = _live(project or "", server)
    there = annotators(tasks, names)
    if each and not there:
        complain("nobody has submitted anything yet; label and submit, then pull")
    complete = not each or bool(there)
    for wanted in there if each else [annotator]:
        pulled = run(tasks, names, annotator=wanted, lenient=lenient)
        path = output.with_suffix(f".{wanted}{output.suffix}") if each else output
        _tell_problems(pulled, quiet=quiet)
        _write(path, pulled, quiet=quiet)
        complete = complete and bool(pulled.reports) and not pulled.left_out
    if not complete:
        raise typer.Exit(ExitCode.INPUTS_FAILED)


def _live(title: str, server: Server) -> tuple[list[dict[str, Any]], dict[int, str]]:
    projects = server.projects()
    found = [project for project in projects if project.title == title]
    if not found:
        known = ", ".join(sorted(project.title for project in projects)[:20]) or "none at all"
        raise ServiceError(
            f"{server.url}: no project is called {title}; there are: {known}. "
            f"Make it with: zhibiao annotate push DIR --project '{title}'"
        )
    if len(found) > 1:
        raise ServiceError(f"{server.url}: {len(found)} projects are called {title}; rename all but one")
    return server.tasks(found[0].id), server.annotators()


def _tell_problems(pulled: Pulled, *, quiet: bool) -> None:
    for problem in pulled.problems:
        if problem.fatal:
            complain(problem)
        elif not quiet:
            typer.echo(printable(f"note: {problem}"), err=True)


def _write(path: Path, pulled: Pulled, *, quiet: bool) -> None:
    """Nothing is written where nothing is gold: an empty file would look like a result."""
    from zhibiao.jsonl import write_gold

    if pulled.reports:
        write_gold(path, pulled.reports)
    elif not pulled.left_out:
        complain(f"{path}: not written, the project holds no task of zhibiao's")
    if not quiet:
        typer.echo(printable(_summary(path, pulled.reports, pulled.left_out)))


def _summary(path: Path, reports: tuple[GoldReport, ...], left_out: tuple[str, ...]) -> str:
    records = sum(len(report.records) for report in reports)
    without = f"; left out: {', '.join(left_out)}" if left_out else ""
    return f"{len(reports)} reports, {records} records: {path if reports else 'nothing written'}{without}"
