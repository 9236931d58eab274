"""The page in real Chromium: paste or choose a report, see its records; nothing is asked from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from inference.serve.example import EXAMPLE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
KEY = "0123456789abcdefghij"
Open = Callable[..., Any]


@pytest.fixture
def show(visits: Any, rules: Any) -> Iterator[Open]:
    """Opens a path of the service; in the end only the service was asked, which may have refused a report."""

    def open_page(path: str = "/", *, url: str = rules.url, width: int = 1280, **more: Any) -> Any:
        return visits.open(url + path, width=width, height=860, **more)

    yield open_page
    visits.complaints[:] = [one for one in visits.complaints if "422" not in one]
    assert all(urlsplit(url).netloc.startswith("127.0.0.1:") for url in visits.requests)


def indicators(page: Any) -> list[str]:
    return [cell.inner_text() for cell in page.locator("#body tr .c-indicator b").all()]


def sideways(page: Any) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")  # type: ignore[no-any-return]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_pasted_report_is_shown_with_its_records(width: int, show: Open, tmp_path: Path) -> None:
    page = show(width=width)
    page.screenshot(path=str(tmp_path / "form.png"), full_page=True)
    assert not sideways(page)
    page.fill("#text", EXAMPLE)
    page.fill("input[name=district]", "柳溪区")
    page.click("button[type=submit]")
    page.wait_for_selector("#body tr")
    assert indicators(page) == [
        "规上工业增加值",
        "新增城镇就业",
        "建成口袋公园",
        "一般公共预算收入",
        "新建改建农村公路",
    ]
    assert page.evaluate("document.getElementById('text').textContent") == EXAMPLE
    page.locator("#body tr").first.click()
    page.wait_for_selector("#text .m.active")
    marked = page.evaluate("[...document.querySelectorAll('#text .m.active')].map((e) => e.textContent)")
    assert {"规上工业增加值", "36.5", "亿元", "同比增长8.2%"} <= set(marked)
    assert "柳溪区" in page.locator("#detail").inner_text()
    page.screenshot(path=str(tmp_path / "records.png"))
    assert not sideways(page)
    page.go_back()
    page.wait_for_selector("textarea")
    assert page.locator("button[type=submit]").is_visible()


def test_a_file_is_read_and_a_bad_one_is_told(show: Open, tmp_path: Path) -> None:
    good, bad = tmp_path / "柳溪.txt", tmp_path / "柳溪.doc"
    good.write_bytes("柳溪街道2023年总结\r\n全年新建公园3个<b>。".encode("gb18030"))
    bad.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    page = show("/?lang=en")
    page.set_input_files("#file", str(bad))
    page.click("button[type=submit]")
    page.wait_for_selector(".notice")
    assert "--convert-to docx '柳溪.doc'" in page.locator(".notice").inner_text()
    page.screenshot(path=str(tmp_path / "refused.png"))
    page.get_by_role("link", name="Back").click()
    page.set_input_files("#file", str(good))
    page.click("button[type=submit]")
    page.wait_for_selector("#body tr")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert "<b>" in page.locator("#text").inner_text()


def test_example_and_language_are_a_click_away(show: Open, tmp_path: Path) -> None:
    page = show()
    page.get_by_role("link", name="填入示例").click()
    assert page.locator("#text").input_value() == EXAMPLE
    page.get_by_role("link", name="English").click()
    page.get_by_role("button", name="Extract and view").wait_for()
    page.get_by_role("link", name="For programs").click()
    page.get_by_text("POST /extract/batch").wait_for()
    assert not sideways(page)
    page.screenshot(path=str(tmp_path / "docs.png"))


def test_the_browser_asks_for_the_key_by_itself(show: Open, serve: Any) -> None:
    service = serve(key=KEY)
    page = show(url=service.url, http_credentials={"username": "me", "password": KEY})
    page.fill("#text", EXAMPLE)
    page.click("button[type=submit]")
    page.wait_for_selector("#body tr")
    assert len(indicators(page)) == 5
