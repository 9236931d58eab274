"""Rebuild gold, plain texts and their metadata: `python -m annotation.inline FILE... -o gold.jsonl`."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotation.inline.report import parse_file
from zhibiao.documents.sidecar import KEYS
from zhibiao.errors import ZhibiaoError
from zhibiao.jsonl import write_gold
from zhibiao.schema import GoldReport, Kind


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the gold of the inline files given and print what it holds; 3 where one of them has an error."""
    parser = argparse.ArgumentParser(prog="python -m annotation.inline", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("-o", "--output", required=True, type=Path, help="the gold.jsonl to write")
    options = parser.parse_args(arguments)
    try:
        reports = build(options.files, options.output)
    except (ZhibiaoError, OSError) as error:
        print(error, file=sys.stderr)
        return 3
    print("\n".join(table(reports)))
    return 0


def build(files: Sequence[Path], output: Path) -> list[GoldReport]:
    """Write `output` and, in `texts/` beside it, the plain text of each file and a `metadata.csv`.

    Nothing is written if one of them has an error.
    """
    reports = [parse_file(path) for path in sorted(files)]
    texts = output.parent / "texts"
    texts.mkdir(parents=True, exist_ok=True)
    for report in reports:
        (texts / f"{report.document.id}.txt").write_bytes(report.document.text.encode("utf-8"))
    _write_metadata(texts / "metadata.csv", reports)
    write_gold(output, reports, with_text=False)
    return reports


def _write_metadata(path: Path, reports: Sequence[GoldReport]) -> None:
    """The sidecar by which `extract` knows what the gold knows: 去年 turns on the day of publication."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, ("file", *KEYS), restval="", lineterminator="\n")
        rows.writeheader()
        for report in reports:
            stated = {
                key: finding.value
                for key, finding in report.document.metadata.findings.items()
                if finding.source == "gold"
            }
            rows.writerow({"file": f"{report.document.id}.txt", **stated})


def table(reports: Sequence[GoldReport]) -> Iterator[str]:
    """A Markdown table of what the reports hold: Chinese characters, records, records per sort."""
    heads = ("id", "district", "level", "year", "characters", "records", "targets", "growth", "dated")
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for report in reports:
        metadata = report.document.metadata
        known = (report.document.id, metadata.district, report.extra.get("level"), metadata.report_year)
        yield f"| {' | '.join(map(str, (*known, *_counts(report))))} |"
    totals = (sum(column) for column in zip(*map(_counts, reports), strict=True))
    yield f"| all |  |  |  | {' | '.join(map(str, totals))} |"


def _counts(report: GoldReport) -> tuple[int, ...]:
    records = report.records
    return (
        sum("\u4e00" <= character <= "\u9fff" for character in report.document.text),
        len(records),
        sum(record.kind is Kind.TARGET for record in records),
        sum("growth" in record.spans for record in records),
        sum("year" in record.spans for record in records),
    )


if __name__ == "__main__":
    sys.exit(main())
