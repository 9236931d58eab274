"""The labelling page as an annotator sees it, in headless Chromium."""

import re

import pytest

from zhibiao.jsonl import read_gold

pytestmark = [
    pytest.mark.browser,
    pytest.mark.labelstudio,
    pytest.mark.timeout(600),
]

TEXT = (
    "\n\n\u3000\u3000岚城街道2023年工作总结\r\n"
    "\t甲\t乙<b>&amp;丙\u2028丁\r戊\x0b己\x0c庚\u00a0辛\u200b壬\ufeff癸\n\n\n"
    "全年  新增😀停车位320个，  完成税收6.45亿元，同比增长12.5%。\r\n"
    "服务🏠老人超1200人次，分别改造𠮷庆里、安和里两个小区。\r\n"
)
HIGHLIGHTS = "[...document.querySelectorAll('.htx-highlight')].map((span) => span.textContent)"
BOX = """(quote) => {
    const text = document.querySelector('[class*=richtext]');
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode()); ) {
        const at = node.textContent.indexOf(quote);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + quote.length);
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x, y, width, height };
    }
}"""


@pytest.fixture
def task(zhibiao, server, title, tmp_path, anna):
    (tmp_path / "odd.txt").write_bytes(TEXT.encode())
    assert zhibiao("push", tmp_path / "odd.txt", "--project", title, "--with", "rules").exit_code == 0
    (project,) = (one for one in server.projects() if one.title == title)
    return anna.tasks(project.id)["odd", 0]


@pytest.fixture
def page(browser, running, task):
    """Logged in, with the task open."""
    page = browser.new_page(viewport={"width": 1500, "height": 950})
    page.goto(f"{running.url}/user/login/")
    page.fill("input[name=email]", running.email)
    page.fill("input[name=password]", running.password)
    page.click("button[type=submit]")
    page.wait_for_url(re.compile(r"/(projects/?)?$"))
    page.goto(f"{running.url}/projects/{task['project']}/data?task={task['id']}")
    page.wait_for_selector(".htx-highlight", timeout=60_000)
    yield page
    page.close()


def mark(page, hotkey, quote):
    """Chooses a label by its key and drags over a text, as a person does; first, none is selected."""
    page.keyboard.press("Escape")
    page.keyboard.press(hotkey)
    box = page.evaluate(BOX, quote)
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 1, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.move(box["x"] + box["width"] - 1, middle)
    page.mouse.up()
    page.locator(".htx-highlight", has_text=quote).first.wait_for()


def test_the_page_shows_what_was_filled_in_and_keeps_what_is_marked(page, task, zhibiao, title, tmp_path):
    marked = page.evaluate(HIGHLIGHTS)
    assert {"320", "个", "6.45", "亿元", "同比增长12.5%", "1200", "人次"} <= set(marked)
    shown = page.inner_text("body")
    assert task["data"]["about"] in shown
    for word in ("指标", "数值", "单位", "增速", "年份", "关系从数量出发"):
        assert word in shown
    assert page.locator("[class*=relation]").count() > 0

    page.locator(".htx-highlight", has_text="1200").click()
    page.get_by_text("限定词").wait_for()
    assert page.locator("input[type=number]").input_value() == "2023"
    assert page.get_by_text("超", exact=True).count() or "超" in page.locator("textarea").first.input_value()
    page.screenshot(path=str(tmp_path / "page.png"))
    page.locator(".htx-highlight", has_text="亿元").click()
    page.get_by_text("限定词").wait_for(state="hidden")

    mark(page, "2", "安和里")
    mark(page, "1", "𠮷庆里")
    page.keyboard.press("Escape")
    page.locator(".htx-highlight", has_text="安和里").click()
    page.keyboard.press("Alt+r")
    page.locator(".htx-highlight", has_text="𠮷庆里").click()
    page.screenshot(path=str(tmp_path / "linked.png"))
    page.click("button:has-text('Submit')")
    page.wait_for_selector("button:has-text('Update')")

    pulled = zhibiao("pull", "--project", title, "-o", tmp_path / "gold.jsonl")
    assert pulled.exit_code == 0, pulled.output
    assert "offsets repaired" not in pulled.stderr
    at = TEXT.index("安和里")
    assert f"year or kind not filled in «安和里» [{at}, {at + 3})" in pulled.stderr
    (report,) = read_gold(tmp_path / "gold.jsonl")
    assert report.document.text == TEXT
    found = {report.document.quote(r.spans["indicator"]): r for r in report.records if "value" in r.spans}
    assert report.document.quote(found["𠮷庆里"].spans["value"]) == "安和里"
    assert found["𠮷庆里"].year == 2023
    assert "1200" in {report.document.quote(record.spans["value"]) for record in found.values()}
