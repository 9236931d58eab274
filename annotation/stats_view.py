"""Numbers of the data to look at: tables with bars, JSON for programs, an SVG picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from xml.sax.saxutils import escape

from rich.table import Table

from annotation.stats import BINS, Distribution, GroupCounts, Stats, histogram

__all__ = ["picture", "stats_to_json", "tables"]

BAR = 24
"""Cells of the longest bar."""


def tables(stats: Stats) -> list[Table]:
    """Districts, labels, span lengths, and how far the records' years lie from the report's."""
    return [_groups_table(stats), _labels_table(stats), _lengths_table(stats), *_counters(stats)]


def _groups_table(stats: Stats) -> Table:
    columns = ("reports", "characters", "records", "per 1000", "target", "growth", "dated")
    table = _table("Districts", "district", columns)
    for group in stats.districts:
        table.add_row(*_group_cells(group))
    table.add_section()
    table.add_row(*_group_cells(stats.whole), style="bold")
    return table


def _group_cells(group: GroupCounts) -> tuple[str, ...]:
    shares = (_percent(part, group.records) for part in (group.targets, group.growths, group.dated))
    density = f"{group.density:.1f}"
    return (group.name, str(group.reports), f"{group.characters:,}", str(group.records), density, *shares)


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"


def _labels_table(stats: Stats) -> Table:
    table = _table("Labels: each span once", "label", ("spans", "distinct", "median", "longest"))
    table.add_column("spans")
    bars = _bars([len(one.lengths) for one in stats.spans])
    for one, bar in zip(stats.spans, bars, strict=True):
        numbers = (len(one.lengths), one.distinct, f"{one.median:g}", one.longest)
        table.add_row(one.label.value, *map(str, numbers), bar)
    return table


def _lengths_table(stats: Stats) -> Table:
    table = _table("Lengths of spans, in characters", "label", _bin_names())
    for one in stats.spans:
        table.add_row(one.label.value, *(str(count or "·") for count in _lengths(one)))
    return table


def _lengths(one: Distribution) -> list[int]:
    return histogram(one.lengths, BINS)


def _bin_names() -> list[str]:
    ends = [edge - 1 for edge in BINS[1:]]
    names = [str(low) if low == high else f"{low}–{high}" for low, high in zip(BINS[:-1], ends, strict=True)]
    return [*names, f"{BINS[-1]}+"]


def _counters(stats: Stats) -> Iterator[Table]:
    named: Mapping[str, Iterable[tuple[object, int]]] = {
        "Year of the records": stats.years.items(),
        "Year of the records minus year of the report": stats.distances.items(),
        "Kind": stats.kinds.items(),
        "Qualifier": stats.qualifiers.items(),
    }
    for title, counts in named.items():
        table = _table(title, title.split()[0].lower(), ("records",))
        table.add_column("records")
        ordered = _ordered(counts)
        for (name, count), bar in zip(ordered, _bars([count for _, count in ordered]), strict=True):
            table.add_row(name, str(count), bar)
        yield table


def _ordered(counts: Iterable[tuple[object, int]]) -> list[tuple[str, int]]:
    """Numbers in order, words by frequency; what is unknown comes last."""

    def key(item: tuple[object, int]) -> tuple[bool, int, str]:
        name, count = item
        return (name is None, name if isinstance(name, int) else -count, str(name))

    return [("(none)" if name is None else str(name), count) for name, count in sorted(counts, key=key)]


def _bars(counts: Sequence[int]) -> list[str]:
    most = max(counts, default=0)
    return ["█" * max(1, round(BAR * count / most)) if count else "" for count in counts]


def _table(title: str, name: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(name, overflow="fold", min_width=10)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def stats_to_json(stats: Stats) -> dict[str, object]:
    """All numbers."""
    return {
        "all": _group_to_json(stats.whole),
        "districts": {group.name: _group_to_json(group) for group in stats.districts},
        "reports": {group.name: _group_to_json(group) for group in stats.reports},
        "labels": {one.label.value: _label_to_json(one) for one in stats.spans},
        "years": dict(_ordered(stats.years.items())),
        "year_minus_report_year": dict(_ordered(stats.distances.items())),
        "kinds": dict(_ordered(stats.kinds.items())),
        "qualifiers": dict(_ordered(stats.qualifiers.items())),
    }


def _group_to_json(group: GroupCounts) -> dict[str, object]:
    return asdict(group) | {"records_per_1000_characters": round(group.density, 2)}


def _label_to_json(one: Distribution) -> dict[str, object]:
    return {
        "spans": len(one.lengths),
        "distinct": one.distinct,
        "median_length": one.median,
        "longest": one.longest,
        "lengths": dict(zip(_bin_names(), _lengths(one), strict=True)),
    }


_ROW, _WIDTH, _NAMES = 18, 640, 180


def picture(stats: Stats) -> str:
    """An SVG of two bar charts: spans per label, records per district."""
    labels = [(one.label.value, len(one.lengths)) for one in stats.spans]
    districts = [(group.name, group.records) for group in stats.districts]
    height = _ROW * (len(labels) + len(districts) + 5)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        *_chart("Spans per label", labels, top=_ROW),
        *_chart("Records per district", districts, top=_ROW * (len(labels) + 3)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _chart(title: str, bars: Sequence[tuple[str, int]], *, top: int) -> Iterator[str]:
    most = max((count for _, count in bars), default=0) or 1
    yield f'<text x="8" y="{top}" font-weight="bold">{escape(title)}</text>'
    for number, (name, count) in enumerate(bars, start=1):
        width = round((_WIDTH - _NAMES - 60) * count / most)
        y = top + number * _ROW
        yield f'<text x="{_NAMES - 8}" y="{y}" text-anchor="end">{escape(name)}</text>'
        yield f'<rect x="{_NAMES}" y="{y - 11}" width="{width}" height="13" fill="#3b6ea8"/>'
        yield f'<text x="{_NAMES + width + 6}" y="{y}">{count}</text>'
