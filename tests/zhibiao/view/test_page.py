"""The page as a file: self-contained, strict policy, everything escaped, the same words in both languages."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from io import StringIO

import pytest

from zhibiao.errors import SchemaError
from zhibiao.view import Lang, ReportView, TextState, render, write_page


def policy(page: str) -> dict[str, str]:
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found
    return dict(rule.split(" ", 1) for rule in found[1].split("; "))


def digest(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def test_the_policy_admits_exactly_the_pages_own_style_and_script(lake: ReportView) -> None:
    page = render([lake])
    rules = policy(page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == digest(script)
    assert rules["style-src"] == digest(style)


def test_nothing_points_outside(lake: ReportView) -> None:
    page = render([lake])
    assert not re.search(r"(?:src|href|srcset|action)\s*=", page)
    assert "url(" not in page and "@import" not in page and "http" not in page.replace("http-equiv", "")


def test_markup_in_reports_never_reaches_the_page_raw(lake: ReportView) -> None:
    evil = "</script><script>alert(1)</script><img onerror=alert(1)>"
    records = tuple(replace(record, title=evil, district=evil) for record in lake.records)
    page = render([replace(lake, title=evil, records=records)], title=evil)
    assert "alert(1)</script>" not in page and "<img" not in page
    assert page.count("<script>") == 1


def test_the_title_is_escaped_and_may_hold_anything(lake: ReportView) -> None:
    page = render([lake], title='A & B "<$lang>" \0')
    assert "<title>A &amp; B &quot;&lt;$lang&gt;&quot; \0</title>" in page


def test_reports_are_written_one_at_a_time(lake: ReportView, hill: ReportView) -> None:
    target = StringIO()
    seen: list[int] = []

    def reports() -> Iterator[ReportView]:
        yield lake
        seen.append(len(target.getvalue()))
        yield hill

    write_page(target, reports())
    assert seen[0] > 0
    assert target.getvalue() == render([lake, hill])


def test_both_languages_have_the_same_words() -> None:
    messages = json.loads(resources.files("zhibiao.view").joinpath("messages.json").read_text("utf-8"))
    assert set(messages) == {lang.value for lang in Lang}
    assert messages["zh"].keys() == messages["en"].keys()
    for key, words in messages["zh"].items():
        assert re.findall(r"{\w+}", words) == [] or set(re.findall(r"{\w+}", words)) == set(
            re.findall(r"{\w+}", messages["en"][key])
        )


def test_every_word_that_the_page_uses_is_in_the_list() -> None:
    package = resources.files("zhibiao.view")
    messages = json.loads(package.joinpath("messages.json").read_text("utf-8"))["en"]
    scripts = "".join(
        package.joinpath(f"{name}.js").read_text("utf-8")
        for name in ("data", "table", "filters", "report", "page")
    )
    html = package.joinpath("page.html").read_text("utf-8")
    used = set(re.findall(r'\bt\("([\w.]+)"', scripts))
    used |= set(re.findall(r'data-t(?:-label|-placeholder)?="([\w.]+)"', html))
    assert len(used) > 15
    assert used <= messages.keys()


def test_the_page_opens_in_the_language_asked_for(lake: ReportView) -> None:
    assert '<html lang="en">' in render([lake], lang="en")
    assert '<html lang="zh-CN">' in render([lake])


def test_no_reports_make_a_page_too() -> None:
    assert "</html>" in render([])


def test_a_view_says_why_it_has_no_text(lake: ReportView) -> None:
    with pytest.raises(SchemaError, match="no text but says 'given'"):
        replace(lake, text=None)
    with pytest.raises(SchemaError, match="a text but says 'missing'"):
        replace(lake, state=TextState.MISSING)


def test_a_view_refuses_records_of_another_report(lake: ReportView, hill: ReportView) -> None:
    with pytest.raises(SchemaError, match="record of report hill"):
        replace(lake, records=hill.records)
