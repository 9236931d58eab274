"""The report as one HTML file with style and script inside, and a policy that allows no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

from training.report.charts import bars, curve, dot_plot
from training.report.contents import Bars, Block, Card, Contents, DotPlot, LinePlot, Piece, Section, Table
from training.report.line_plot import line_plot
from training.report.markup import Markup, element, together
from training.report.words import Words
from zhibiao.view.lang import Lang
from zhibiao.view.policy import content_policy

__all__ = ["to_html"]

_SLOTS = ("indicator", "value", "unit", "growth", "year")


def to_html(contents: Contents) -> str:
    """The whole page."""
    lang = "zh-CN" if contents.lang is Lang.ZH else "en"
    page = element("html", _head(contents), _body(contents, Words(contents.lang)), lang=lang)
    return f"<!doctype html>\n{page}\n"


def _head(contents: Contents) -> Markup:
    style, script = _source("page.css"), _source("page.js")
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=content_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light"),
        element("title", contents.title),
        element("style", Markup(style)),
    )


def _body(contents: Contents, words: Words) -> Markup:
    sections = [*contents.sections]
    return element(
        "body",
        element(
            "header",
            element("h1", contents.title),
            element("div", *(element("p", sentence) for sentence in contents.summary), class_="summary"),
            *(element("p", note, class_="note") for note in contents.notes),
            _contents_list(contents, words),
        ),
        element(
            "main",
            *map(_section, sections),
            _errors(contents.cards, words),
            _section(contents.run),
        ),
        element("script", Markup(_source("page.js"))),
    )


def _contents_list(contents: Contents, words: Words) -> Markup:
    entries = [(section.name, section.title) for section in contents.sections]
    entries += [("errors", words("section_errors")), (contents.run.name, contents.run.title)]
    links = [element("a", title, href=f"#{name}") for name, title in entries]
    return element("nav", *links, aria_label=words("contents"))


def _section(section: Section) -> Markup:
    return element("section", element("h2", section.title), *map(_block, section.blocks), id=section.name)


def _block(block: Block) -> Markup:
    if isinstance(block, str):
        return element("p", block)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, DotPlot):
        return dot_plot(block)
    if isinstance(block, LinePlot):
        return line_plot(block)
    return bars(block) if isinstance(block, Bars) else curve(block)


def _table(table: Table) -> Markup:
    def row(name: str, cells: Sequence[str], class_: str | None = None) -> Markup:
        kinds = ["word" if n < table.words else "number" for n in range(len(cells))]
        return element(
            "tr", *(element(name, c, class_=k) for c, k in zip(cells, kinds, strict=True)), class_=class_
        )

    last = len(table.rows) - 1
    rows = [
        row("td", cells, "total" if table.total and n == last else None) for n, cells in enumerate(table.rows)
    ]
    head = element("thead", row("th", table.columns))
    return element("div", element("table", head, element("tbody", *rows)), class_="table", tabindex="0")


def _errors(cards: Sequence[Card], words: Words) -> Markup:
    parts = [
        element("h2", words("section_errors")),
        element("p", words("errors_note", count=len(cards))),
    ]
    if cards:
        parts += [_legend(words), _filters(cards, words), *(_card(card, words) for card in cards)]
        parts.append(element("p", words("nothing_left"), id="nothing", hidden=True))
    return element("section", *parts, id="errors")


def _legend(words: Words) -> Markup:
    marks = [element("mark", words.name("slot", slot), class_=f"s-{slot}") for slot in _SLOTS]
    return element("p", together(_spaced(marks)), class_="legend")


def _spaced(marks: Sequence[Markup]) -> Iterator[str]:
    for mark in marks:
        yield mark
        yield " "


def _filters(cards: Sequence[Card], words: Words) -> Markup:
    causes = dict(sorted({card.cause: card.cause_title for card in cards}.items()))
    reports = {card.report: card.report for card in cards}
    return element(
        "div",
        _choice("cause", words("column_cause"), causes, words),
        _choice("report", words("column_report"), reports, words),
        element("label", f"{words('search')} ", element("input", type="search", id="search")),
        element("output", "", id="shown", data_words=words("shown")),
        id="filters",
        role="search",
    )


def _choice(name: str, title: str, options: dict[str, str], words: Words) -> Markup:
    entries = [element("option", words("every"), value="")]
    entries += [element("option", shown, value=value) for value, shown in options.items()]
    return element("label", f"{title} ", element("select", *entries, id=name))


def _card(card: Card, words: Words) -> Markup:
    head = element(
        "h3",
        element("span", f"#{card.number}", class_="index"),
        f" {card.cause_title} ",
        element("small", f"{card.report} [{card.place}]"),
    )
    return element(
        "article",
        head,
        _side(words("side_gold"), card.gold, words),
        _side(words("side_predicted"), card.predicted, words),
        element("p", " · ".join(card.differences), class_="differences"),
        class_="card",
        data_cause=card.cause,
        data_report=card.report,
    )


def _side(name: str, pieces: Sequence[Piece], words: Words) -> Markup:
    shown = together(map(_piece, pieces)) if pieces else element("i", words("side_none"))
    return element("p", element("b", name), " ", shown, class_="side")


def _piece(piece: Piece) -> str:
    return element("mark", piece.text, class_=f"s-{piece.slot}") if piece.slot else piece.text


@cache
def _source(name: str) -> str:
    return resources.files("training.report").joinpath(name).read_text(encoding="utf-8")
