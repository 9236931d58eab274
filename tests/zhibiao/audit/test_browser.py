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
Open = Callable[..., Any]


@pytest.fixture
def show(visits: Any) -> Iterator[Open]:
    """Opens a file; in the end nothing but files was asked for."""
    yield lambda path, width: visits.open(path.as_uri(), width=width)
    assert all(url.startswith("file:") for url in visits.requests)


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
