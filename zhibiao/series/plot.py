"""A page of plots, one for each indicator of each place, drawn as SVG here and not by a script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from html import escape
from importlib import resources
from string import Template

from zhibiao.schema import Kind
from zhibiao.series.choosing import Choice
from zhibiao.series.places import Place
from zhibiao.series.rows import Row
from zhibiao.series.wording import indicator_names
from zhibiao.tables.comparison import comparison_words
from zhibiao.version import __version__
from zhibiao.view.head import page_head
from zhibiao.view.lang import Lang

__all__ = ["render_plots"]

WIDTH, HEIGHT = 420, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 16, 16, 26, 26
_SCALES = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))


@dataclass(frozen=True, slots=True)
class _Point:
    """A figure on a plot; `title` is what the pointer shows."""

    year: int
    value: Decimal
    target: bool
    disputed: bool
    title: str


@dataclass(frozen=True, slots=True)
class _Plot:
    """The figures of one indicator: its values, or its rates where it has no two values."""

    place: Place
    name: str
    unit: str
    points: tuple[_Point, ...]


def render_plots(rows: Sequence[Row], *, lang: Lang = Lang.ZH) -> str:
    """The page: whole years only, and only figures that nothing in their sentence speaks against."""
    words: dict[str, str] = json.loads(_source("messages.json"))[lang.value]
    plots = list(_plots(rows, words))
    style, script = _source("page.css"), _source("page.js")
    figures = "\n".join(_figure(plot, words) for plot in plots)
    places = sorted({str(plot.place) for plot in plots})
    values = {
        "head": page_head(words["title"], style, script, lang=lang),
        "script": script,
        "title": escape(words["title"]),
        "summary": escape(words["summary"].format(plots=len(plots), places=len(places))),
        "note": escape(words["note"]),
        "search": escape(words["search"]),
        "all": escape(words["all"]),
        "places": "".join(f"<option>{escape(place)}</option>" for place in places),
        "figures": figures or f"<p>{escape(words['nothing'])}</p>",
        "made_by": f"zhibiao {__version__}",
    }
    return Template(_source("page.html")).substitute(values)


def _plots(rows: Sequence[Row], words: dict[str, str]) -> Iterator[_Plot]:
    groups: dict[tuple[Place, str], list[Row]] = {}
    for row in rows:
        if row.spell.is_year:
            groups.setdefault((row.place, row.code), []).append(row)
    for (place, code), members in groups.items():
        unit, points = _values(members)
        if not _can_be_drawn(points):
            unit, points = words["growth"], _rates(members)
        if _can_be_drawn(points):
            yield _Plot(place, indicator_names().get(code, code), unit, points)


def _can_be_drawn(points: Sequence[_Point]) -> bool:
    """Figures of two years, and something that was reached."""
    return len({point.year for point in points}) > 1 and any(not point.target for point in points)


def _values(rows: Sequence[Row]) -> tuple[str, tuple[_Point, ...]]:
    """The values in the unit of the first, in the largest scale word that leaves a number above one."""
    known = [(row, row.value.chosen.record) for row in rows if row.value and row.value.chosen.is_plain]
    units = [record.unit_base for _, record in known]
    unit = max(units, key=units.count, default=None)
    sizes = [abs(record.value_base or Decimal(0)) for _, record in known if record.unit_base == unit]
    largest = max(sizes, default=Decimal(0))
    factor, word = next(((f, w) for f, w in _SCALES if largest >= f), (Decimal(1), ""))
    points = tuple(
        _point(
            row,
            (record.value_base or Decimal(0)) / factor,
            f"{record.qualifier or ''}{record.value_text}{record.unit or ''}",
        )
        for row, record in known
        if record.unit_base == unit
    )
    return word + (unit or ""), points


def _rates(rows: Sequence[Row]) -> tuple[_Point, ...]:
    records = [(row, row.growth.chosen.record) for row in rows if row.growth and _is_yearly(row.growth)]
    return tuple(
        _point(row, record.growth_rate, record.growth_text or "")
        for row, record in records
        if record.growth_rate is not None and record.growth_unit == "%"
    )


def _is_yearly(choice: Choice) -> bool:
    """A rate of the place's own figure, and not a mean of years or against some other base."""
    base = choice.chosen.record.comparison
    return choice.chosen.is_plain and (base is None or any(w in base for w in comparison_words().last_year))


def _point(row: Row, value: Decimal, said: str) -> _Point:
    title = f"{row.spell.year} {said} ({row.record.report_id})"
    return _Point(row.spell.year, value, row.kind is Kind.TARGET, row.conflicts > 0, title)


def _figure(plot: _Plot, words: dict[str, str]) -> str:
    name = f"{plot.place} · {plot.name}"
    return (
        f'<figure data-place="{escape(str(plot.place))}" data-name="{escape(name)}">'
        f"<figcaption>{escape(plot.name)} "
        f"<small>{escape(plot.unit)} · {escape(str(plot.place))}</small></figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(name)}">'
        f"{''.join(_shapes(plot, words))}</svg></figure>"
    )


def _shapes(plot: _Plot, words: dict[str, str]) -> Iterator[str]:
    axes = _Axes.of(plot.points)
    ground = HEIGHT - _BOTTOM
    yield f'<line class="axis" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{ground}" y2="{ground}"/>'
    for year in sorted({point.year for point in plot.points}):
        yield f'<text class="tick" x="{axes.x(year):.1f}" y="{HEIGHT - 8}">{year}</text>'
    reached = sorted((p for p in plot.points if not p.target), key=lambda p: p.year)
    if len(reached) > 1:
        line = " ".join(f"{axes.x(p.year):.1f},{axes.y(p.value):.1f}" for p in reached)
        yield f'<polyline class="line" points="{line}"/>'
    for point in sorted(plot.points, key=lambda p: p.target, reverse=True):
        yield _dot(point, axes, words)


def _dot(point: _Point, axes: _Axes, words: dict[str, str]) -> str:
    x, y = axes.x(point.year), axes.y(point.value)
    kind = "target" if point.target else "actual"
    mark = " disputed" if point.disputed else ""
    doubt = f" · {words['disputed']}" if point.disputed else ""
    title = f"<title>{escape(f'{words[kind]} {point.title}{doubt}')}</title>"
    number = f'<text class="value" x="{x:.1f}" y="{y - 9:.1f}">{_short(point.value)}</text>'
    label = "" if point.target else number
    return f'<circle class="{kind}{mark}" cx="{x:.1f}" cy="{y:.1f}" r="4">{title}</circle>{label}'


def _short(value: Decimal) -> str:
    """At most four digits that count, without exponent."""
    digits = max(0, 3 - max(value.adjusted(), 0)) if value else 0
    text = f"{value:,.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


@dataclass(frozen=True, slots=True)
class _Axes:
    """From years and values to places on the plot."""

    years: tuple[int, int]
    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, points: Sequence[_Point]) -> _Axes:
        """Wide enough for every point; flat series keep a height."""
        values = [point.value for point in points]
        low, high = min(values), max(values)
        room = (high - low) or abs(high) or Decimal(1)
        years = [point.year for point in points]
        return cls((min(years), max(years)), low - room / 10, high + room / 10)

    def x(self, year: int) -> float:
        """Room is left at the ends for half a label."""
        first, last = self.years
        return _LEFT + 18 + (WIDTH - _LEFT - _RIGHT - 36) * (year - first) / max(last - first, 1)

    def y(self, value: Decimal) -> float:
        """High values are further up."""
        part = float((value - self.low) / (self.high - self.low))
        return HEIGHT - _BOTTOM - part * (HEIGHT - _TOP - _BOTTOM)


@cache
def _source(name: str) -> str:
    return resources.files("zhibiao.series").joinpath(name).read_text(encoding="utf-8")
