"""Write the page: one HTML file with style, script and data inside, and a policy that allows no more."""

from __future__ import annotations

import html
import io
import json
from collections.abc import Iterable
from functools import cache
from importlib import resources
from string import Template
from typing import TextIO

from zhibiao.schema import SCHEMA_VERSION
from zhibiao.version import __version__
from zhibiao.view.head import page_head
from zhibiao.view.lang import Lang
from zhibiao.view.payload import Json, report_payload, script_json
from zhibiao.view.report import ReportView

_SCRIPTS = ("data.js", "table.js", "filters.js", "report.js", "page.js")


def render(reports: Iterable[ReportView], *, lang: Lang | str = Lang.ZH, title: str | None = None) -> str:
    """The page as one string; `write_page` holds only one report at a time."""
    page = io.StringIO()
    write_page(page, reports, lang=lang, title=title)
    return page.getvalue()


def write_page(
    target: TextIO, reports: Iterable[ReportView], *, lang: Lang | str = Lang.ZH, title: str | None = None
) -> None:
    """Write the page to `target`, which must not translate line ends: the policy holds the script's hash."""
    before, after = _frame(Lang(lang), title)
    target.write(before)
    for report in reports:
        payload = report_payload(report)
        target.write(_block("report", payload.head))
        target.write(_block("text", payload.text))
    target.write(after)


def _frame(lang: Lang, title: str | None) -> tuple[str, str]:
    """The page before and after the reports' data."""
    messages = _messages()
    name = title or messages[lang]["title"]
    style, script = _source("page.css"), "\n".join(map(_source, _SCRIPTS))
    before, _, after = _source("page.html").partition("<!-- reports -->\n")
    values = {
        "head": page_head(name, style, script, lang=lang, dark=True),
        "title": html.escape(name),
        "script": script,
        "needs_script": html.escape(messages[lang]["needs_script"]),
        "settings": _block("settings", _settings(lang, title)),
    }
    return Template(before).substitute(values), Template(after).substitute(values)


def _settings(lang: Lang, title: str | None) -> Json:
    messages: dict[str, Json] = {name: dict(words) for name, words in _messages().items()}
    made_by = f"zhibiao {__version__}, schema {SCHEMA_VERSION}"
    return {"lang": lang.value, "title": title, "messages": messages, "made_by": made_by}


def _block(kind: str, data: Json) -> str:
    return f'<script type="application/json" class="{kind}">{script_json(data)}</script>\n'


@cache
def _source(name: str) -> str:
    return resources.files("zhibiao.view").joinpath(name).read_text(encoding="utf-8")


@cache
def _messages() -> dict[str, dict[str, str]]:
    messages: dict[str, dict[str, str]] = json.loads(_source("messages.json"))
    return messages
