"""Radicals in place of characters: ⻓ (U+2ED3) where 长 (U+957F) is meant, as many programs write PDFs.

A font often draws a radical and the character with one glyph; a PDF then may name either. The pairs are
those that share a glyph in the Noto CJK fonts and are words of their own; Unicode maps the Kangxi radicals
itself, all but ⼾, which in simplified text is 户.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

_PAIRS = (
    "⺎兀⺒巳⺓幺⺟母⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾"
    "⻬齐⻮齿⻰龙⻱龜⻳龟⼾户"
)
_BLOCKS = re.compile("[\u2e80-\u2fdf]")
_KANGXI = range(0x2F00, 0x2FD6)


def restore_characters(text: str) -> tuple[str, int]:
    """The text with characters for radicals, code point for code point, and how many there were."""
    count = sum(ord(found[0]) in _table() for found in _BLOCKS.finditer(text))
    return (text.translate(_table()), count) if count else (text, 0)


@cache
def _table() -> Mapping[int, str]:
    kangxi = {code: unicodedata.normalize("NFKC", chr(code)) for code in _KANGXI}
    return kangxi | {ord(_PAIRS[at]): _PAIRS[at + 1] for at in range(0, len(_PAIRS), 2)}
