"""An audit on the terminal: what was compared, and the first findings."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from zhibiao.audit.auditing import Audit
from zhibiao.audit.findings import Certainty, Check, Finding
from zhibiao.audit.wording import messages, reason
from zhibiao.view.lang import Lang

__all__ = ["counts_table", "findings_table"]


def counts_table(audit: Audit, lang: Lang) -> Table:
    """A line per check: comparisons made, and findings by certainty."""
    words = messages(lang)
    table = Table(title=words["title"], title_justify="left")
    for name in ("column.check", "column.compared", "certainty.likely", "certainty.possible"):
        table.add_column(words[name], justify="left" if name == "column.check" else "right")
    for check in Check:
        numbers = (audit.compared[check], *(audit.found[check, each] for each in Certainty))
        table.add_row(words[f"check.{check.value}"], *(f"{number:,}" for number in numbers))
    return table


def findings_table(findings: Sequence[Finding], lang: Lang) -> Table:
    """A line per finding; the sentences stand on the page."""
    words = messages(lang)
    table = Table(show_lines=True)
    for name in ("column.check", "column.severity", "column.place", "column.reason"):
        table.add_column(words[name], overflow="fold", ratio=6 if name == "column.reason" else 1)
    for finding in findings:
        table.add_row(
            words[f"check.{finding.check.value}"],
            f"{words[f'severity.{finding.severity.value}']}\n{words[f'certainty.{finding.certainty.value}']}",
            escape(_printable(str(finding.place))),
            escape(_printable(reason(finding, lang))),
        )
    return table


def _printable(text: str) -> str:
    """A terminal obeys control characters, which a report may hold."""
    return "".join(char if char.isprintable() else " " for char in text)
