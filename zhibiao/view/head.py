"""The head that our pages share: their title, their style, and the policy that holds style and script."""

from __future__ import annotations

import html
from functools import cache
from importlib import resources
from string import Template

from zhibiao.view.lang import Lang
from zhibiao.view.policy import content_policy

__all__ = ["page_head"]


def page_head(title: str, style: str, script: str, *, lang: Lang, dark: bool = False) -> str:
    """From the doctype to `</head>`; `script` is what the page will run, `dark` says what its style can."""
    return _template().substitute(
        lang="zh-CN" if lang is Lang.ZH else "en",
        policy=content_policy(style, script),
        scheme="light dark" if dark else "light",
        title=html.escape(title),
        style=style,
    )


@cache
def _template() -> Template:
    return Template(resources.files("zhibiao.view").joinpath("head.html").read_text(encoding="utf-8"))
