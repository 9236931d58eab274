"""`zhibiao view`: records beside their reports, as one HTML page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.app import ExitCode, complain
from zhibiao.view.lang import Lang

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhibiao.cli.report_texts import Origin, ReportTexts
    from zhibiao.schema import Record
    from zhibiao.view import ReportView

__all__ = ["register", "view"]

SHOWN = 20
"""Problems that are printed one by one."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("view")(view)


def view(
    records: Annotated[Path, typer.Argument(help="Records: the JSONL that `zhibiao extract` wrote.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The page to write.", show_default=False)],
    reports: Annotated[
        list[str] | None,
        typer.Option(
            help="A report's file, a folder, a JSONL; may be given several times. Not needed where the "
            "manifest beside the records knows the files.",
            show_default=False,
        ),
    ] = None,
    lang: Annotated[Lang, typer.Option(help="The language that the page opens in.")] = Lang.ZH,
    title: Annotated[str | None, typer.Option(help="The page's title.", show_default=False)] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary as JSON on stdout.")] = False,
) -> None:
    """Write a page to look at: a table of records beside the text with every span highlighted."""
    from zhibiao.cli.report_texts import ReportTexts, read_manifest
    from zhibiao.files import whole_file
    from zhibiao.view import write_page

    grouped = _by_report(records)
    recorded = read_manifest(records.with_name(records.name + ".manifest"))
    texts = ReportTexts(recorded, reports or ())
    pages = _Pages(grouped, recorded, texts)
    with whole_file(output) as partial, partial.open("w", encoding="utf-8", newline="") as page:
        write_page(page, pages, lang=lang, title=title)
    if as_json:
        typer.echo(json.dumps(pages.summary(output), ensure_ascii=True))
    elif not quiet:
        typer.echo(pages.line(output))
    for problem in pages.problems[:SHOWN]:
        complain(problem)
    if len(pages.problems) > SHOWN:
        complain(f"and {len(pages.problems) - SHOWN} more; --json lists all")
    if pages.problems:
        raise typer.Exit(ExitCode.INPUTS_FAILED)


def _by_report(path: Path) -> dict[str, list[Record]]:
    """Records by report, both in file order; a merged file may come back to a report."""
    from zhibiao.jsonl import read_records

    grouped: dict[str, list[Record]] = {}
    for record in read_records(path):
        grouped.setdefault(record.report_id, []).append(record)
    return grouped


class _Pages:
    """The reports of the page, one text in memory at a time, and what there is to say of them afterwards."""

    def __init__(
        self, grouped: dict[str, list[Record]], recorded: dict[str, Origin], texts: ReportTexts
    ) -> None:
        self._grouped, self._texts = grouped, texts
        without = [id for id, origin in recorded.items() if not origin.n_records and id not in grouped]
        self._ids = [*grouped, *without]
        self.problems = [f"{item.path}: {item.reason}" for item in texts.rejected]
        self._without_text = 0

    def __iter__(self) -> Iterator[ReportView]:
        from zhibiao.view import ReportView

        for id in self._ids:
            records = tuple(self._grouped.get(id, ()))
            found = self._texts.find(id)
            if found.problem:
                self._without_text += 1
                self.problems.append(f"{found.problem} (the page shows its evidence sentences only)")
            title = records[0].title if records else None
            yield ReportView(id, title, found.text, records, found.state, found.detail)

    def summary(self, output: Path) -> dict[str, object]:
        """Counts, for programs."""
        return {
            "output": str(output),
            "reports": len(self._ids),
            "records": sum(map(len, self._grouped.values())),
            "without_text": self._without_text,
            "problems": self.problems,
        }

    def line(self, output: Path) -> str:
        """Counts, for people."""
        counts = self.summary(output)
        line = f"{output}: {counts['reports']} reports, {counts['records']} records"
        return f"{line}, {self._without_text} without text" if self._without_text else line
