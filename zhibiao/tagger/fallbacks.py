"""What a character is looked up by when a vocabulary has no row of its own for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

__all__ = ["blanks", "complete"]

_COMPATIBLE = (range(0xA0, 0x3400), range(0xF900, 0xFB00), range(0xFE10, 0x10000), range(0x1F100, 0x1F200))
"""Where Unicode keeps the characters that are another one in a different form."""

_LOOKALIKES = {
    **dict.fromkeys("∶︰﹕ː", ":"),
    **dict.fromkeys("“”„‟〝〞″", '"'),
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("—–―‐‑‒−─━－", "-"),
    **dict.fromkeys("•・‧∙●", "·"),
    **dict.fromkeys("〔【〖［", "["),
    **dict.fromkeys("〕】〗］", "]"),
    **dict.fromkeys("《〈「『", "<"),
    **dict.fromkeys("》〉」』", ">"),
    **dict.fromkeys("～〜∼", "~"),
    **dict.fromkeys("、﹑､", ","),
    "。": ".",
    "×": "x",
    "〇": "零",
    "○": "零",
}


def complete(known: Mapping[str, int], *, blank: int, lower: bool) -> dict[str, int]:
    """The ids of `known`, and of every character that another form of it, a lookalike or a blank stands for.

    >>> complete({"%": 4, "a": 5}, blank=9, lower=False)["％"]
    4
    """
    found = dict.fromkeys(blanks(), blank) | dict(known)
    for one in _candidates():
        if one not in known and (form := next((f for f in _forms(one) if f in known), None)):
            found[one] = known[form]
    if lower:
        found |= {one: found[low] for one in _capitals() if (low := one.lower()) in found}
    return found


def blanks() -> Iterator[str]:
    """Spaces, line breaks, and the controls that no reader sees."""
    for code in (*range(0x3400), 0xFEFF):
        if chr(code).isspace() or unicodedata.category(chr(code)) in ("Cc", "Cf"):
            yield chr(code)


def _candidates() -> Iterator[str]:
    yield from map(chr, range(0x21, 0x7F))
    for block in _COMPATIBLE:
        yield from map(chr, block)


def _forms(one: str) -> Iterator[str]:
    """Other forms of a character, the closest first."""
    form = unicodedata.normalize("NFKC", one)
    yield from (form, _LOOKALIKES.get(one, ""), _LOOKALIKES.get(form, ""), form.lower(), one.lower())
    yield chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else ""
    # ℃ is °C and … is three dots: the first of them says more than "unknown".
    yield from (form[:1].strip(), form[:1].lower())


def _capitals() -> Iterator[str]:
    for code in (*range(0x250), *range(0x370, 0x530), *range(0xFF21, 0xFF3B)):
        if len(chr(code).lower()) == 1 and chr(code).lower() != chr(code):
            yield chr(code)
