"""`zhibiao read`: one report as zhibiao sees it, with the place where each finding stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.app import printable
from zhibiao.cli.overrides import City, District, Publisher, ReportYear, SittingYear, Title, stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhibiao.schema import Document, Finding, Section

__all__ = ["read", "register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("read")(read)


def read(
    file: Annotated[Path, typer.Argument(help="A report: .txt, .html, .docx or .pdf.", show_default=False)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")] = False,
    as_text: Annotated[bool, typer.Option("--text", help="Print the text that offsets count in.")] = False,
    title: Title = None,
    publisher: Publisher = None,
    district: District = None,
    city: City = None,
    report_year: ReportYear = None,
    sitting_year: SittingYear = None,
) -> None:
    """Show what is found in a report and where: metadata, encoding, sections with role and year, notes."""
    from zhibiao.documents import read as read_document

    overrides = stated(
        title=title,
        publisher=publisher,
        district=district,
        city=city,
        report_year=report_year,
        sitting_year=sitting_year,
    )
    document = read_document(file, overrides=overrides)
    if as_json:
        _print_json(document)
    elif as_text:
        typer.echo(document.text, nl=False)
    else:
        for line in describe(document):
            typer.echo(printable(line))


def describe(document: Document) -> Iterator[str]:
    """The lines that `zhibiao read` prints."""
    source = document.source
    yield f"{document.id}  ({len(document.text):,} characters, {len(document.sentences):,} sentences)"
    if source:
        yield f"file: {source.name}  format: {source.format}  encoding: {source.encoding or '-'}"
        yield f"sha256: {source.sha256}"
    yield "metadata:"
    for name, finding in document.metadata.findings.items():
        yield f"  {name}: {finding.value}  [{_where(finding, document.text)}]"
    missing = [name for name in METADATA if name not in document.metadata.findings]
    if missing:
        yield f"  not found: {', '.join(missing)}"
    yield f"sections: {len(document.sections)}"
    for section in document.sections:
        yield f"  {_section_line(section, document)}"
    for note in document.notes:
        yield f"note: {note}"


METADATA = (
    "title",
    "publisher",
    "district",
    "city",
    "report_year",
    "plan_year",
    "sitting_year",
    "index_number",
    "published",
)


def _where(finding: Finding, text: str) -> str:
    if finding.offsets is None:
        return finding.source
    start, end = finding.offsets
    line = text.count("\n", 0, start) + 1
    return f"{finding.source}, line {line}, offsets {start}-{end}"


def _section_line(section: Section, document: Document) -> str:
    heading = document.quote(section.heading) if section.heading else "(before any heading)"
    sentences = sum(1 for s in document.sentences if section.start <= s.start < section.end)
    facts = f"{section.role}, {section.year or 'year unknown'}, {sentences} sentences"
    return (
        f"{'  ' * max(section.level - 1, 0)}{heading[:40]}  [{facts}, offsets {section.start}-{section.end}]"
    )


def _print_json(document: Document) -> None:
    import json
    from dataclasses import asdict

    typer.echo(json.dumps(asdict(document), ensure_ascii=True, indent=2))
