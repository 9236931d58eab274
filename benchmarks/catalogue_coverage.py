"""How many gold records get an indicator code.

    python benchmarks/catalogue_coverage.py GOLD.jsonl... [--quiet] [--half a|b]

A record is *economic* by a rule that does not look at the catalogue: its unit is money, or it has no unit
of its own (none, a bare scale, %, 成, 倍) and its indicator holds one of `TERMS`. Without `--quiet` the most
frequent economic indicators without a code are printed too.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zhibiao.tables.catalogue import indicator_code

MONEY = re.compile(r"[十百千万亿]*(?:元|美元|港元|欧元|日元|英镑)(?:人民币)?")
NO_KIND = re.compile(r"[十百千万亿]*(?:%|成|倍)?")
TERMS = re.compile(
    "总值|增加值|产值|收入|支出|投资|贷款|存款|消费|零售|进出口|出口|进口|外资|内资|税|价格|利润|营收"
    "|成交额|交易额|销售额|融资|资金|投入|经费"
)


@dataclass(slots=True)
class Coverage:
    """Counts over one file."""

    records: int = 0
    coded: int = 0
    economic: int = 0
    economic_coded: int = 0
    uncoded: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, indicator: str, unit: str | None) -> None:
        """Count one record."""
        coded = indicator_code(indicator, unit=unit) is not None
        self.records += 1
        self.coded += coded
        if is_economic(indicator, unit or ""):
            self.economic += 1
            self.economic_coded += coded
            self.uncoded[indicator, unit or "-"] += not coded

    def row(self, name: str) -> str:
        """One line: economic records with a code, then all records with one."""
        share = 100 * self.economic_coded / max(1, self.economic)
        whole = 100 * self.coded / max(1, self.records)
        return (
            f"{name}: economic {self.economic_coded}/{self.economic} = {share:.1f} %; "
            f"all {self.coded}/{self.records} = {whole:.1f} %"
        )


def is_economic(indicator: str, unit: str) -> bool:
    if MONEY.fullmatch(unit):
        return True
    return NO_KIND.fullmatch(unit) is not None and TERMS.search(indicator) is not None


def read_reports(path: Path, half: str | None) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    reports = [json.loads(line) for line in lines if line.strip()]
    reports.sort(key=lambda report: str(report["id"]))
    return reports if half is None else reports["ab".index(half) :: 2]


def report_text(report: dict[str, Any], folder: Path) -> str:
    if "text" in report:
        return str(report["text"])
    name = str(report["file"])
    for path in (folder / name, folder / "texts" / name):
        if path.exists():
            return path.read_bytes().decode("utf-8")
    raise SystemExit(f"{folder / name}: not found, nor in texts/; put the report's text there")


def quotes(path: Path, half: str | None) -> Iterator[tuple[str, str | None]]:
    """The indicator and unit texts of every record."""
    for report in read_reports(path, half):
        text = report_text(report, path.parent)
        for record in report["records"]:
            spans = record["spans"]
            unit = spans.get("unit")
            yield text[slice(*spans["indicator"])], unit and text[slice(*unit)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Share of gold records that get an indicator code.")
    parser.add_argument("gold", nargs="+", type=Path, metavar="GOLD.jsonl")
    parser.add_argument("--half", choices=("a", "b"), help="every second report, sorted by id")
    parser.add_argument("--quiet", action="store_true", help="totals only, no text")
    options = parser.parse_args()
    for path in options.gold:
        coverage = Coverage()
        for indicator, unit in quotes(path, options.half):
            coverage.add(indicator, unit)
        print(coverage.row(path.name))
        if not options.quiet:
            for (indicator, unit), count in (+coverage.uncoded).most_common(40):
                print(f"  {count:3d}  {indicator}  [{unit}]")


if __name__ == "__main__":
    main()
