"""Two systems side by side on the terminal, with the interval of their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from training.significance import Comparison

__all__ = ["comparison_table"]


def comparison_table(comparison: Comparison, *, old: str = "old", new: str = "new") -> Table:
    """F1 of both by measure; significance by the paired bootstrap over reports."""
    from rich.table import Table

    table = Table("measure", old, new, "difference", "95 % interval", "p")
    for name, found in comparison.over_reports.items():
        interval = f"{found.interval.low:+.3f} … {found.interval.high:+.3f}"
        table.add_row(
            name,
            f"{found.old:.3f}",
            f"{found.new:.3f}",
            f"{found.delta:+.3f}",
            interval,
            f"{found.p_value:.3f}",
        )
    return table
