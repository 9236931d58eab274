"""Who gives a report, and of which district and city."""

from __future__ import annotations

import re

from zhibiao.documents.evidence import HEAD, Evidence, Found
from zhibiao.schema import Finding, Offsets

_HAN = "[\u4e00-\u9fff]"
_SUFFIX = "自治区|自治州|自治县|特别行政区|省|市|州|盟|区|县|旗"
_STREET = "街道办事处|街道|镇|乡"
_PLACE = f"(?P<place>{_HAN}{{2,9}}?(?:{_SUFFIX}))"
_TITLE_PLACE = re.compile(f"(?:20\\d\\d年)?(?P<place>{_HAN}{{2,9}}?(?:{_SUFFIX}|{_STREET}))")
_SPEAKERS = (
    re.compile(f"我?(?:代表|受){_PLACE}人民政府"),
    re.compile(f"在{_PLACE}第?[一二三四五六七八九十]{{1,3}}届(?:人民代表大会|人大)"),
    re.compile(f"{_PLACE}(?:人民政府)?代?市长"),
    re.compile(f"在{_PLACE}\\s*\n"),
)


def find_places(evidence: Evidence) -> Found:
    """`publisher`, and `district` and `city` where they follow from it."""
    named = _from_title(evidence) or _from_speaker(evidence)
    if named:
        place, source, offsets = named
        street = place.endswith(tuple(_STREET.split("|")))
        yield "publisher", Finding(place if street else f"{place}人民政府", source, offsets)
        if not street:
            yield "district", Finding(place, source, offsets)


def _from_title(evidence: Evidence) -> tuple[str, str, Offsets | None] | None:
    title = evidence.findings.get("title")
    match = _TITLE_PLACE.match(str(title.value)) if title else None
    return (match["place"], "title", title.offsets) if match and title else None


def _from_speaker(evidence: Evidence) -> tuple[str, str, Offsets | None] | None:
    for pattern in _SPEAKERS:
        for match in pattern.finditer(evidence.text, 0, HEAD):
            return match["place"], "text", match.span("place")
    return None
