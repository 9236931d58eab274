"""Rebuild gold and plain texts: `python -m annotation.inline FILE... -o gold.jsonl`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from annotation.inline.report import gold_line, parse_file
from zhibiao.errors import ZhibiaoError


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the gold of the inline files given, sorted by name; 3 where one of them has an error."""
    parser = argparse.ArgumentParser(prog="python -m annotation.inline", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("-o", "--output", required=True, type=Path, help="the gold.jsonl to write")
    options = parser.parse_args(arguments)
    try:
        build(options.files, options.output)
    except (ZhibiaoError, OSError) as error:
        print(error, file=sys.stderr)
        return 3
    return 0


def build(files: Sequence[Path], output: Path) -> None:
    """Write `output` and, in `texts/` beside it, the plain text of each file; nothing if one has an error."""
    reports = [parse_file(path) for path in sorted(files)]
    texts = output.parent / "texts"
    texts.mkdir(parents=True, exist_ok=True)
    for report in reports:
        (texts / f"{report.document.id}.txt").write_bytes(report.document.text.encode("utf-8"))
    output.write_text("".join(f"{gold_line(report)}\n" for report in reports), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
