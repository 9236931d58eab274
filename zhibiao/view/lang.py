"""The languages of the page."""

from __future__ import annotations

from enum import StrEnum


class Lang(StrEnum):
    """The language that the page opens in; a button on it switches to the other."""

    ZH = "zh"
    EN = "en"
