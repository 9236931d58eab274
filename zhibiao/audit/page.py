"""The findings as one HTML page with style, script and data inside, and a policy that allows no more."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from string import Template

from zhibiao.audit.findings import Certainty, Check, Finding, Severity
from zhibiao.audit.payload import finding_to_page
from zhibiao.version import __version__
from zhibiao.view.head import page_head
from zhibiao.view.lang import Lang
from zhibiao.view.payload import Json, script_json

__all__ = ["render_page"]


def render_page(findings: Sequence[Finding], summary: Mapping[str, Json], *, lang: Lang = Lang.ZH) -> str:
    """The page; `summary` is what `Summary.to_json` gives."""
    words = json.loads(_source("messages.json"))
    style, script = _source("page.css"), _source("page.js")
    shown: list[Json] = [finding_to_page(finding, number) for number, finding in enumerate(findings, 1)]
    data: Json = {
        "lang": lang.value,
        "words": words,
        "summary": dict(summary),
        "orders": {
            "check": [each.value for each in Check],
            "severity": [each.value for each in Severity],
            "certainty": [each.value for each in Certainty],
        },
        "made_by": f"zhibiao {__version__}",
        "findings": shown,
    }
    values = {
        "head": page_head(words[lang.value]["title"], style, script, lang=lang),
        "title": html.escape(words[lang.value]["title"]),
        "needs_script": html.escape(words[lang.value]["needs_script"]),
        "script": script,
        "data": script_json(data),
    }
    return Template(_source("page.html")).substitute(values)


@cache
def _source(name: str) -> str:
    return resources.files("zhibiao.audit").joinpath(name).read_text(encoding="utf-8")
