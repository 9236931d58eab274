"""Both pages in real Chromium, wide and narrow: lists, filters, languages, and no request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from zhibiao.audit import Audit, Outputs, write_audit
from zhibiao.jsonl import write_records
from zhibiao.series import RecordFiles, Series
from zhibiao.series.plot import render_plots

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = "/usr/bin/chromium"
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"{CHROMIUM} is not installed; on Debian: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def show(browser: Any) -> Iterator[Open]:
    """Opens a file; in the end nothing but it was asked for, and nothing complained."""
    complaints: list[str] = []
    requests: list[str] = []
    pages: list[Any] = []

    def open_page(path: Path, width: int) -> Any:
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert complaints == []
    assert all(url.startswith("file:") for url in requests)


@pytest.fixture
def records(extract, tmp_path: Path) -> RecordFiles:
    found = extract(2030, "货物进出口总额80.5亿元。城市污水处理率达到102.4%。", "货物进出口总额增长8%。")
    found += extract(2031, "货物进出口总额96.6亿元，增长5.2%。")
    write_records(tmp_path / "records.jsonl", found)
    return RecordFiles([tmp_path / "records.jsonl"])


@pytest.mark.parametrize("width", [1280, 390])
def test_the_audit_page(show: Open, records: RecordFiles, tmp_path: Path, width: int) -> None:
    outputs = Outputs(tmp_path)
    write_audit(Audit(records), outputs)
    page = show(outputs.page, width)
    assert page.locator("#findings > li").count() == 3
    assert "80.5" in page.locator("#findings > li mark.value").nth(1).inner_text()
    page.select_option("#check", "share")
    assert page.locator("#findings > li").count() == 1
    page.fill("#search", "没有这样的词")
    assert page.locator("#findings > li").count() == 0
    page.click("#language")
    assert page.locator("#shown").inner_text() == "No finding matches."
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_plots(show: Open, records: RecordFiles, tmp_path: Path, width: int) -> None:
    path = tmp_path / "plots.html"
    path.write_text(render_plots(list(Series(records))), encoding="utf-8", newline="")
    page = show(path, width)
    assert page.locator("figure:visible").count() == 1
    assert page.locator("circle.actual").count() == 2
    page.fill("#search", "没有这样的词")
    assert page.locator("figure:visible").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
