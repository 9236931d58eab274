"""A small sound gold file, line by line, that tests plant faults in."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from annotation.checks import Checked, check

Line = dict[str, Any]

LAKE = """柳溪区2031年工作总结

一、2031年工作回顾
全年财政收入6.45亿元，同比增长12.5%；引进企业394家，失业率3.1%。
进口、出口分别下降5%、6%。改造老旧小区21个，走访居民1800余户，高于全市平均水平。
粮食产量排名第3位，较去年末120吨翻番，增长率提高8%，全年工程完成投资。
二、2032年工作安排
力争建成口袋公园5个，到2035年底绿地达90公顷。
"""

HILL = """栖山县2030年政府报告

一、2030年工作回顾
全县茶园面积2.4万亩，茶叶产量1300吨，同比增长4.2%。新增托位260个。
"""


def span(text: str, quote: str, after: str = "") -> list[int]:
    start = text.index(quote, text.index(after))
    return [start, start + len(quote)]


def record(text: str, after: str = "", *, year: int = 2031, kind: str = "actual", **slots: str) -> Line:
    """A record whose slots quote the text, each from `after` on."""
    qualifier = slots.pop("qualifier", None)
    spans = {slot: span(text, quote, after) for slot, quote in slots.items()}
    return {"spans": spans, "year": year, "kind": kind, "qualifier": qualifier}


def lake() -> Line:
    records = [
        record(
            LAKE, "全年财", indicator="财政收入", value="6.45", unit="亿元", growth="同比增长12.5%", year=2031
        ),
        record(LAKE, indicator="引进企业", value="394", unit="家"),
        record(LAKE, "失业率", indicator="失业率", value="3.1", unit="%"),
        record(LAKE, indicator="进口", growth="下降5%"),
        record(LAKE, "出口", indicator="出口", growth="6%") | {"growth_rate": -6},
        record(LAKE, "改造", indicator="改造老旧小区", value="21", unit="个"),
        record(LAKE, "走访", indicator="走访居民", value="1800", unit="户", qualifier="余"),
        record(LAKE, "力争", indicator="建成口袋公园", value="5", unit="个", year=2032, kind="target"),
    ]
    deadline = record(LAKE, "到2035", indicator="绿地", value="90", unit="公顷", year=2035, kind="target")
    deadline["spans"]["year"] = span(LAKE, "2035年底")
    about = {"id": "lake-2031", "title": "总结", "publisher": "柳溪区政府", "district": "柳溪区"}
    return about | {"report_year": 2031, "text": LAKE, "records": [*records, deadline]}


def hill() -> Line:
    records = [
        record(HILL, indicator="茶园面积", value="2.4", unit="万亩", year=2030),
        record(HILL, indicator="茶叶产量", value="1300", unit="吨", growth="同比增长4.2%", year=2030),
        record(HILL, "新增", indicator="新增托位", value="260", unit="个", year=2030),
    ]
    about = {"id": "hill-2030", "title": "报告", "publisher": "栖山县政府", "district": "栖山县"}
    return about | {"report_year": 2030, "text": HILL, "records": records}


@pytest.fixture
def lines() -> list[Line]:
    return copy.deepcopy([lake(), hill()])


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Sequence[Line | str]], Path]:
    """Writes lines; a string stands as it is."""

    def write(lines: Sequence[Line | str]) -> Path:
        path = tmp_path / "gold.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
        path.write_text("\n".join(texts) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def checked(write: Callable[[Sequence[Line | str]], Path]) -> Callable[..., Checked]:
    def run(lines: Sequence[Line | str], **options: Any) -> Checked:
        return check([write(lines)], **options)

    return run
