"""Who gives a report, and of which district and city."""

from __future__ import annotations

import re

from zhibiao.documents.evidence import Evidence, Found
from zhibiao.schema import Finding, Offsets

_HAN = "[\u4e00-\u9fff]"
_STREETS = ("街道", "镇", "乡")
_STREET = "街道|镇(?!市)|乡(?!市)"
_SUFFIX = "自治区|自治州|自治县|特别行政区|新区|省|市|州(?!市)|盟(?!市)|区|县|旗"
# 自治区人民政府, 全市 and 城市管理局 name no place.
_NO_NAME = "自治|[全本我该][省市州县区旗镇乡街]|政府|人民|城市|国民|工作|第|[市省州县区]长"
_NAME = f"(?!{_NO_NAME})(?:(?!在){_HAN}){{1,9}}?"
_PLACE = f"(?P<place>国务院|(?:{_NAME}(?:{_SUFFIX})){{1,3}})"
_BODY = f"(?P<place>国务院|(?:{_NAME}(?:{_SUFFIX})){{0,2}}(?:{_NAME}(?:{_STREET})|{_NAME}(?:{_SUFFIX})))"
_TITLE_PLACE = re.compile(f"(?:20\\d\\d年)?{_BODY}(?:办事处)?(?=人民政府|政府|工作|国民|第|\\d|关于|[（(]|$)")
_SPEAKERS = (
    re.compile(f"我代表{_PLACE}(?:第[一二三四五六七八九十]{{1,3}}届)?(?:人民政府|[,，向])"),
    re.compile(f"在{_PLACE}第?[一二三四五六七八九十]{{1,3}}届(?:人民代表大会|人大)"),
    re.compile(f"^{_PLACE}(?:人民政府)?代?(?:市|省|州|区|县)长", re.M),
    re.compile(f"在{_PLACE}\\s*\\n"),
)
_PARTS = re.compile(f"{_NAME}(?:{_SUFFIX}|{_STREET})")


def find_places(evidence: Evidence) -> Found:
    """`publisher`, and `district` and `city` where its name says them."""
    named = _from_title(evidence) or _from_speaker(evidence)
    if named is None:
        return
    place, source, offsets = named
    parts = _PARTS.findall(place) or [place]
    governs = not place.endswith((*_STREETS, "国务院"))
    yield "publisher", Finding(f"{place}人民政府" if governs else parts[-1], source, offsets)
    areas = [part for part in parts if not part.endswith((*_STREETS, "国务院"))]
    if areas:
        yield "district", Finding(areas[-1], source, offsets)
        cities = [part for part in areas if part.endswith("市")]
        if cities:
            yield "city", Finding(cities[0], source, offsets)


def _from_title(evidence: Evidence) -> tuple[str, str, Offsets | None] | None:
    title = evidence.findings.get("title")
    match = _TITLE_PLACE.match(str(title.value)) if title else None
    return (match["place"], "title", title.offsets) if match and title else None


def _from_speaker(evidence: Evidence) -> tuple[str, str, Offsets | None] | None:
    for pattern in _SPEAKERS:
        for match in pattern.finditer(evidence.text, 0, evidence.front):
            return match["place"], "text", match.span("place")
    return None
