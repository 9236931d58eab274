"""The page in real Chromium, from a file: what a person does with it, and what it must never do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zhibiao.view import ReportView, TextState, render

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


@pytest.fixture
def show(visits: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens a page; in the end nothing but the page itself was asked for."""
    file = tmp_path / "page.html"

    def open_page(*reports: ReportView, width: int = 1280, height: int = 800, lang: str = "zh") -> Any:
        file.write_text(render(reports, lang=lang), encoding="utf-8", newline="")
        return visits.open(file.as_uri(), width=width, height=height)

    yield open_page
    assert set(visits.requests) == {file.as_uri()}


def indicators(page: Any) -> list[str]:
    return [cell.inner_text() for cell in page.locator("#body tr .c-indicator b").all()]


def active(page: Any) -> list[str]:
    return page.evaluate("[...document.querySelectorAll('#text .m.active')].map((e) => e.textContent)")  # type: ignore[no-any-return]


def focused(page: Any) -> str:
    return page.evaluate("document.activeElement.textContent")  # type: ignore[no-any-return]


def row(page: Any, indicator: str) -> Any:
    return page.locator("#body tr", has_text=indicator).first


def in_view(page: Any, selector: str, frame: str) -> bool:
    return page.evaluate(  # type: ignore[no-any-return]
        """([selector, frame]) => {
            const a = document.querySelector(selector).getBoundingClientRect();
            const b = document.querySelector(frame).getBoundingClientRect();
            return a.height > 0 && a.top >= b.top && a.bottom <= b.bottom;
        }""",
        [selector, frame],
    )


def test_the_text_is_shown_to_the_letter(show: Open, lake: ReportView) -> None:
    page = show(lake)
    assert page.evaluate("document.getElementById('text').textContent") == lake.text


def test_characters_beyond_the_basic_plane_shift_nothing(show: Open, lake: ReportView) -> None:
    page = show(lake)
    for record in lake.records:
        row(page, record.indicator).click()
        quotes = {lake.text[a:b] for a, b in record.spans.values()} if lake.text else set()
        assert set(active(page)) == quotes


def test_script_in_a_report_is_text(show: Open, lake: ReportView) -> None:
    page = show(lake)
    assert "<script>window.hacked=1;alert(1)</script>" in page.locator("#text").inner_text()
    row(page, "住户").click()
    assert "<script>window.hacked=1;alert(1)</script>" in page.locator("#detail").inner_text()
    assert page.evaluate("window.hacked") is None


def test_the_policy_stops_markup_from_strings(browser: Any, lake: ReportView, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(render([lake]), encoding="utf-8", newline="")
    page = browser.new_page()
    page.goto(file.as_uri())
    stopped = page.evaluate(
        "() => { try { document.body.innerHTML = '<p>x'; return false } catch { return true } }"
    )
    page.close()
    assert stopped


def test_filters_narrow_the_table_and_clear(show: Open, lake: ReportView, hill: ReportView) -> None:
    page = show(lake, hill)
    page.select_option("#filter-kind", index=2)
    assert indicators(page) == ["口袋公园"]
    page.select_option("#filter-kind", index=0)
    page.select_option("#filter-report", label="栖霞岭街道年度报告 (3)")
    assert indicators(page) == ["绿地", "失业率", "总数"]
    assert page.locator("#count").inner_text() == "显示 3 / 10 条"
    assert page.locator("#report-title").text_content() == hill.title
    page.click("#clear")
    assert len(indicators(page)) == 10
    page.select_option("#filter-code", index=1)
    assert indicators(page) == ["财政总收入"]
    page.select_option("#filter-code", index=0)
    page.select_option("#filter-district", label="北麓区 (3)")
    assert len(indicators(page)) == 3


def test_columns_sort_both_ways_with_the_empty_last(show: Open, lake: ReportView, hill: ReportView) -> None:
    page = show(lake, hill)
    page.click(".c-value button")
    up = indicators(page)
    assert up[:2] == ["失业率", "口袋公园"] and up[-2:] == ["财政总收入", "总数"]
    assert page.locator("th.c-value").get_attribute("aria-sort") == "ascending"
    page.click(".c-value button")
    assert indicators(page)[0] == "财政总收入" and indicators(page)[-1] == "总数"
    page.click(".c-growth button")
    assert indicators(page)[:2] == ["总数", "财政总收入"]


def test_search_reads_evidence_and_folds_width_and_case(
    show: Open, lake: ReportView, hill: ReportView
) -> None:
    page = show(lake, hill)
    page.fill("#search", "祥里")
    assert indicators(page) == ["住户"]
    page.fill("#search", "６.４５　FISCAL")
    assert indicators(page) == ["财政总收入"]
    page.fill("#search", "没有这样的词")
    assert page.locator("#nothing").is_visible()


def test_a_click_on_a_record_shows_its_evidence(show: Open, lake: ReportView) -> None:
    long = replace(lake, text=str(lake.text) + "又一段文字。\n" * 400)
    page = show(long)
    page.evaluate("document.getElementById('text').scrollTop = 1e6")
    row(page, "财政总收入").click()
    page.wait_for_timeout(50)
    assert active(page) == ["2031年", "财政总收入", "6.45", "亿元", "同比增长12.5%"]
    assert in_view(page, "#text .m.active", "#text")
    evidence = page.evaluate(
        "[...document.querySelectorAll('#text .evidence')].map((e) => e.textContent).join('')"
    )
    assert evidence == lake.records[0].evidence


def test_a_record_far_down_is_scrolled_to(show: Open, lake: ReportView) -> None:
    shift = 40_000
    far = [
        replace(r, spans={s: (a + shift, b + shift) for s, (a, b) in r.spans.items()}) for r in lake.records
    ]
    page = show(
        replace(
            lake,
            text="平淡的一行文字。\n" * (shift // 9) + "字" * (shift % 9) + str(lake.text),
            records=tuple(far),
        )
    )
    row(page, "口袋公园").click()
    page.wait_for_timeout(50)
    assert active(page) == ["口袋公园", "5", "个"]
    assert in_view(page, "#text .m.active", "#text")


def test_a_click_on_a_mark_goes_to_its_record_and_on_to_the_next(show: Open, lake: ReportView) -> None:
    page = show(lake)
    shared = page.locator("#text .m", has_text="98.6").first
    shared.click()
    assert "办结率" in focused(page)
    assert page.locator("#body tr[aria-selected=true]").count() == 1
    shared.click()
    assert "满意率" in focused(page)
    shared.click()
    assert "办结率" in focused(page)
    assert "2 条记录" in page.locator("#count").inner_text()


def test_a_mark_whose_record_is_filtered_out_says_so(show: Open, lake: ReportView) -> None:
    page = show(lake)
    page.fill("#search", "口袋")
    page.locator("#text .m", has_text="394").click()
    assert active(page)
    assert "第 2 条记录被当前筛选隐藏" in page.locator("#count").inner_text()


def test_everything_by_keyboard(show: Open, lake: ReportView) -> None:
    page = show(lake)
    page.keyboard.press("/")
    page.keyboard.type("率")
    page.keyboard.press("Enter")
    assert "办结率" in focused(page)
    page.keyboard.press("ArrowDown")
    assert "满意率" in focused(page)
    page.keyboard.press("Enter")
    assert focused(page) == "全年"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "办结率"
    page.keyboard.press("Enter")
    assert "办结率" in focused(page) and "98.6" in focused(page)
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert "满意率" in focused(page) and "98.6" in focused(page)
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    assert len(indicators(page)) == 7


def test_space_steps_through_the_records_of_a_mark(show: Open, lake: ReportView) -> None:
    page = show(lake)
    row(page, "满意率").focus()
    page.keyboard.press("Enter")
    assert focused(page) == "全年"
    page.keyboard.press(" ")
    assert "办结率" in active(page)
    page.keyboard.press(" ")
    assert "满意率" in active(page)


def test_tab_reaches_table_text_and_detail_and_focus_is_visible(show: Open, lake: ReportView) -> None:
    page = show(lake)
    row(page, "引进企业").click()
    reached = []
    page.focus("#search")
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "() => { const e = document.activeElement;"
                " const s = getComputedStyle(e); return [e.tagName, e.id, e.className, s.outlineStyle] }"
            )
        )
    names = [tag for tag, *_ in reached]
    assert "TR" in names and "detail" in [id for _, id, *_ in reached]
    assert any("s-indicator" in classes and tag == "SPAN" for tag, _, classes, _ in reached)
    inside = [outline for tag, *_, outline in reached if tag in ("TR", "SPAN", "BUTTON", "SELECT")]
    assert inside and set(inside) == {"solid"}


def test_several_reports_have_a_selector(show: Open, lake: ReportView, hill: ReportView) -> None:
    page = show(lake, hill)
    page.select_option("#shown", label=str(hill.title))
    assert page.evaluate("document.getElementById('text').textContent") == hill.text
    row(page, "财政总收入").click()
    assert page.evaluate("document.getElementById('text').textContent") == lake.text


def test_reports_of_one_title_are_told_apart(show: Open, lake: ReportView, hill: ReportView) -> None:
    page = show(replace(lake, title="工作报告"), replace(hill, title="工作报告"))
    assert page.locator("#shown option").all_inner_texts() == ["lake · 工作报告", "hill · 工作报告"]
    assert "hill · 工作报告" in row(page, "绿地").inner_text()


def test_without_a_text_the_sentences_stand_and_the_page_says_so(show: Open, hill: ReportView) -> None:
    page = show(replace(hill, text=None, state=TextState.CHANGED, detail="hill.txt"))
    assert "sha256 不符" in page.locator("#notice").inner_text()
    row(page, "失业率").click()
    assert active(page) == ["今年以来", "失业率", "3.1", "%"]


def test_a_record_that_does_not_fit_is_flagged(show: Open, lake: ReportView) -> None:
    wrong = replace(lake.records[1], value_text="395")
    page = show(replace(lake, records=(lake.records[0], wrong)))
    assert page.locator("#body tr .warning").count() == 1
    assert "1 条记录的偏移与文字对不上" in page.locator("#notice").inner_text()
    row(page, "引进企业").click()
    assert active(page) == [] and page.locator("#text .evidence").count() > 0


def test_the_language_can_be_switched(show: Open, lake: ReportView) -> None:
    page = show(lake)
    assert page.locator("th.c-indicator").inner_text() == "指标"
    page.click("#language")
    assert page.locator("th.c-indicator").inner_text() == "Indicator"
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("#count").inner_text() == "7 of 7 shown"


def test_labels_differ_by_line_and_not_by_colour_alone(show: Open, lake: ReportView) -> None:
    page = show(lake)
    styles = page.evaluate(
        "['indicator', 'value', 'unit', 'growth', 'year'].map((slot) =>"
        " getComputedStyle(document.querySelector(`#text .s-${slot}`)).textDecorationStyle)"
    )
    assert len(set(styles)) == 5


def test_a_label_can_be_hidden(show: Open, lake: ReportView) -> None:
    page = show(lake)
    page.click("#legend .s-value")
    assert page.locator("#legend .s-value").get_attribute("aria-pressed") == "false"
    line = page.evaluate("getComputedStyle(document.querySelector('#text .s-value')).textDecorationLine")
    assert line == "none"


def test_narrow_windows_show_one_pane_and_no_sideways_scroll(
    show: Open, lake: ReportView, hill: ReportView
) -> None:
    page = show(lake, hill, width=400)
    assert page.locator("#records-pane").is_visible() and not page.locator("#report-pane").is_visible()
    row(page, "亿元项目").click()
    assert page.locator("#report-pane").is_visible() and in_view(page, "#text .m.active", "#text")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.click("#to-records")
    assert page.locator("#body tr[aria-selected=true]").is_visible()
    page.locator("#body tr").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.locator("#records-pane").is_visible()


def test_thousands_of_records_stay_usable(show: Open, lake: ReportView) -> None:
    text, size = str(lake.text), len(str(lake.text))
    records = [
        replace(r, spans={s: (a + k * size, b + k * size) for s, (a, b) in r.spans.items()})
        for k in range(750)
        for r in lake.records
    ]
    page = show(replace(lake, text=text * 750, records=tuple(records)))
    assert page.locator("#count").inner_text() == "显示 5,250 / 5,250 条"
    assert page.locator("#body tr").count() < 1000
    page.locator("#body tr").first.focus()
    page.keyboard.press("End")
    assert "5250" in focused(page)
    assert page.locator("#grid").get_attribute("aria-rowcount") == "5251"
    page.click(".c-n button")
    assert page.locator("#body tr").first.inner_text().startswith("5250")
    page.click(".c-n button")
    assert page.locator("#body tr").count() < 1000
    assert page.locator("#body tr[tabindex='0']").count() == 1
    page.fill("#search", "口袋公园")
    assert page.locator("#count").inner_text() == "显示 750 / 5,250 条"
    page.click("#clear")
    assert page.locator("#body tr[aria-selected=true]").count() == 1
    assert page.locator("#body tr[tabindex='0']").count() == 1


def test_print_holds_every_row_and_the_text(show: Open, lake: ReportView) -> None:
    records = [replace(lake.records[1]) for _ in range(450)]
    page = show(replace(lake, records=tuple(records)))
    assert page.locator("#body tr").count() == 200
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#body tr").count() == 450
    assert page.locator("#text").is_visible() and not page.locator("#search").is_visible()
    assert page.evaluate(
        "document.getElementById('rows').scrollHeight <= document.getElementById('rows').clientHeight + 1"
    )


def test_a_page_without_reports_is_quiet(show: Open) -> None:
    assert show().locator("#nothing").is_visible()
