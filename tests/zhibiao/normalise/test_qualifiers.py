"""Qualifiers and their intervals. `[ ]` marks the number and `|` the end of its unit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhibiao.normalise.numbers import parse_number
from zhibiao.normalise.qualifiers import bounds, find_qualifier

FOUND = """
产值超[3]亿元| 超 | 产值超过[3]亿元| 超过 | 逾[40]家| 逾 | 近[300]公里| 近 | 约[20]个| 约
约为[20]个| 约 | 大约[20]个| 大约
不少于[4]个| 不少于 | 不低于[4]%| 不低于 | 不超过[4]%| 不超过 | 至少[4]场| 至少 | 最多[4]场| 最多
突破[50]家| 突破
产值破[千]亿元| 破 | 上[千]家| 上 | 不足[5]%| 不足 | 低于[5]%| 低于 | 超 [25] 亿元| 超 | “超[千]亿|” 超
整改[300]余处| 余 | 走访[百]余户| 余 | 问题[200]多个| 多 | 惠及[4万]余| 余 | 请[十]来位| 来
历时[3]年|多。 多
增收[10]%|以上 以上 | 新增[5]家|以下 以下 | 控制在[5]%|以内 以内 | 保持[8]%|左右 左右
行程[100]公里|上下 上下
办结[3]个工作日|内 内 | [200]家|有余 有余 | [增速不低于20%]| 不低于 | [增长近3倍]| 近
节约[3]亿元| - | 签约[8]家| - | 附近[2]处| - | 商超[5]家| - | 线上[百]家| - | 打破[3]项| - | 达到[5]%| -
共[5]家| -
办理[3]件|内部事项 - | 补不足[3]项| - | 新增[7]户|，超额 - | [5]家|企业以上 - | 上[3]家| -
"""


def rows(table: str) -> list[tuple[str, str]]:
    """`text qualifier | ...` as pairs; a text may hold spaces and one `|`."""
    cells = table.strip().replace("\n", " | ").split(" | ")
    return [(text, qualifier) for text, _, qualifier in (cell.rpartition(" ") for cell in cells)]


@pytest.mark.parametrize(("marked", "qualifier"), rows(FOUND))
def test_where_a_qualifier_stands(marked: str, qualifier: str) -> None:
    start, end, after = marked.index("["), marked.index("]") - 1, marked.index("|") - 2
    text = marked.replace("[", "").replace("]", "").replace("|", "")
    assert (find_qualifier(text, start, end, after=after) or "-") == qualifier


INTERVALS = """
3 超 3 - | 3 以上 3 - | 3 突破 3 - | 3 近 - 3 | 3 以内 - 3 | 3 不超过 - 3 | 300 余 300 400
8100 余 8100 8200
百 余 100 200 | 1万 余 10000 20000 | 1.2万 多 12000 13000 | 35万 余 350000 360000 | 1080 余 1080 1090
十 来 10 20
156 余 156 157 | 5.5 左右 5.45 5.55 | 5.0 左右 4.95 5.05 | 7 左右 6.5 7.5 | 300 约 270 330
1200 约 1150 1250
-5 超 - -5 | -5 近 -5 - | -12 左右 -12.5 -11.5 | 0 余 0 1 | 1/4 约 0.225 0.275 | 四分之一 约 0.225 0.275
"""


@pytest.mark.parametrize(
    ("number", "qualifier", "low", "high"),
    [tuple(cell.split()) for line in INTERVALS.strip().splitlines() for cell in line.split("|")],
)
def test_intervals(number: str, qualifier: str, low: str, high: str) -> None:
    parsed = parse_number(number)
    assert parsed is not None
    expected = tuple(None if end == "-" else Decimal(end) for end in (low, high))
    assert bounds(parsed.value, qualifier, value_text=number) == expected


def test_no_interval_without_number_or_qualifier() -> None:
    assert bounds(None, "超") is None
    assert bounds(Decimal(3), None) is None
