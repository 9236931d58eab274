"""The report in real Chromium: it asks for nothing, filters its errors, fits narrow windows, and prints."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from training.report import Findings, contents_of, to_html
from zhibiao.view.lang import Lang

pytestmark = pytest.mark.browser


@pytest.fixture(params=[(Lang.ZH, 1280), (Lang.EN, 380)], ids=["wide-zh", "narrow-en"])
def page(browser: Any, tmp_path: Path, sure: Findings, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The report opened; in the end nothing but the file was asked for, and nothing complained."""
    lang, width = request.param
    file = tmp_path / "report.html"
    file.write_text(to_html(contents_of(sure, lang)), encoding="utf-8", newline="")
    requests: list[str] = []
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.on("request", lambda sent: requests.append(sent.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(file.as_uri())
    yield page
    page.close()
    assert complaints == []
    assert set(requests) == {file.as_uri()}


def visible(page: Any) -> int:
    count: int = page.evaluate("[...document.querySelectorAll('.card')].filter((c) => c.offsetParent).length")
    return count


def test_errors_are_filtered_by_cause_report_and_words(page: Any) -> None:
    every = visible(page)
    assert every == page.locator(".card").count() > 3
    page.select_option("#cause", "missed_quantity")
    assert visible(page) == 3
    page.select_option("#report", "b")
    assert visible(page) == 1
    assert str(every) in page.inner_text("#shown")
    page.fill("#search", "没有这样的词")
    assert visible(page) == 0
    assert page.is_visible("#nothing")
    for field in ("#cause", "#report"):
        page.select_option(field, "")
    page.fill("#search", "")
    assert visible(page) == every
    assert not page.is_visible("#nothing")


def test_the_page_never_scrolls_sideways_and_its_plots_are_drawn(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    boxes = page.evaluate(
        "[...document.querySelectorAll('svg circle, svg rect')].map((e) => e.getBoundingClientRect().width)"
    )
    assert len(boxes) > 20
    assert sum(width > 0 for width in boxes) > 20
    inside = page.evaluate(
        """[...document.querySelectorAll('svg text')].every((text) => {
            const own = text.getBoundingClientRect(), frame = text.ownerSVGElement.getBoundingClientRect();
            return own.left >= frame.left - 2 && own.right <= frame.right + 2;
        })"""
    )
    assert inside, "a label leaves its plot"


def test_the_learning_curve_is_drawn_with_its_words_and_nothing_over_another(page: Any) -> None:
    plot = page.locator("#learning figure svg")
    assert plot.count() == 1
    chinese = page.evaluate("document.documentElement.lang") == "zh-CN"
    shown = plot.locator("text").all_text_contents()
    key = ["只用人工标注", "先自动标注"] if chinese else ["gold only", "silver first"]
    assert set(key) <= set(shown)
    assert {"1", "2", "5", "10", "25"} <= set(shown)
    dots = plot.locator("circle").evaluate_all("(all) => all.map((e) => e.getBoundingClientRect().toJSON())")
    assert len(dots) == 5 + 5 + 2, "every point, and one in the key of each line"
    assert all(dot["width"] > 3 for dot in dots)
    colours = plot.locator("circle").evaluate_all("(all) => all.map((e) => getComputedStyle(e).fill)")
    assert len(set(colours)) == 2
    apart = plot.locator("text").evaluate_all(
        """(all) => all.map((e) => e.getBoundingClientRect()).every((a, n, boxes) => boxes.slice(n + 1).every(
            (b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top))"""
    )
    assert apart, "two labels overlap"
    if chinese:
        widths = (
            plot.locator("text").filter(has_text="只用人工标注").evaluate("(e) => e.getComputedTextLength()")
        )
        assert widths > 6 * 11, "Chinese characters are as wide as they are high"


def test_it_prints_with_every_error_and_without_its_controls(page: Any) -> None:
    with pdfplumber.open(BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        text = "".join(one.extract_text() for one in printed.pages)
        assert len(printed.pages) > 2
    assert f"#{page.locator('.card').count()}" in text
    page.emulate_media(media="print")
    assert not page.is_visible("#filters")
