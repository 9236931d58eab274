"""Where a noun phrase may begin and end: takes off what leads over to its number or on from a boundary."""

from __future__ import annotations

import re
from functools import cache

from zhibiao.schema import Offsets
from zhibiao.tables.phrases import phrases
from zhibiao.tables.words import alternation

_OUTSIDE = " \t,、;:。!?“”‘’\"'《》()[]【】—-·…*#|<>\u3000"
_COUNT = "[一二两三四五六七八九十0-9]{1,2}"
TIME = (
    "(?:[至到]?(?:20[0-9]{2}|19[0-9]{2})年(?:底|末|初|上半年|下半年|全年|以来)?|[一二三四]季度|前三季度|上半年|下半年"
    f"|全年|今年|去年|上年|明年|年底|年末|年均|{_COUNT}年(?:以来|来|间|多来)?|这一年|[0-9]{{1,2}}(?:-[0-9]{{1,2}})?月份?(?:底|末)?前?"
    "|“?十[一二三四]五”?(?:期间|时期|末)?)"
)
"""Times at a phrase's edge; what dates a quantity is `times`' business."""

_LONGEST = 24
"""No piece between a noun and its number is longer."""


@cache
def _before_number() -> re.Pattern[str]:
    """One piece of what may stand between an indicator and its number."""
    known = phrases()
    directions = alternation(known.directions)
    plain = "|".join(_guarded(word) for word in sorted(known.between, key=len, reverse=True))
    pieces = (
        f"(?:(?!开办|(?<=开)办)(?:{directions}))*(?:到|至|为|近|了)",
        f"(?:{directions})+[到至]{TIME}的?",
        "(?:始终|持续|继续|总体|稳定)*(?:稳定|保持|控制|维持)在?",
        "(?:首次|历史性|接连|连续|成功|率先|再次|双双|一举|顺利)*(?:突破|跨越|连跨|跨上|跨过|跨入|站上|站稳|迈上|迈入|跃上|跃过|迈过|冲破)",
        plain,
        "分别(?:新增|增加|减少|净增)",
        "(?:超额)?完成(?:年度|全年|年|省定|市定|省下达|年初|既定|上级下达)*(?:计划|目标任务|目标|任务)+(?:数|量)?的?",
        "(?<![上本明当])年末的?",
        "(?<=[^,、])(?:提高|上调|增加|减少|增发)",
        "占[^,。;、0-9]{2,14}的",
        "占(?:年度|全年)?(?:计划|目标|任务)+",
        "(?:是|为|相当于)[^,。;、0-9]{1,12}的",
        "占(?:全[国省市区县州旗盟]|总[数量额])?的?",
        "(?:同比|环比|(?:较|比(?=上年|去年|前年|年初|同期|上一年|[0-9]{4}年))[^,。;、]{1,8}?)(?:净?增加?|减少|提高|下降|多|少)?",
        "(?<=[^每天日均、,])净增",
        "(?<=[\u4e00-\u9fff][\u4e00-\u9fff])(?<![、,新])(?:建成|开工|竣工|完工|办成)",
        "由负转正、",
        "等(?=共|约|超|近|累计|$)",
        "(?<!标)的",
        r"\([^()]*\)",
        r"[:,、\s“‘《]",
        TIME,
    )
    return re.compile(f"(?:{'|'.join(pieces)})$")


def _guarded(word: str) -> str:
    """The word as a pattern; a single character that ends another word there is left alone (签|约, 拥|有)."""
    before = {
        "约": "签节预制",
        "有": "拥享现持占含",
        "为": "成作行人",
        "近": "附最邻",
        "超": "赶商",
        "破": "突打",
        "在": "现存",
        "只": "船牛羊",
        "中": "高初空集当途其",
        "过": "通经渡超越度",
    }
    return f"(?<![{before[word]}]){word}" if word in before else re.escape(word)


def strip_right(text: str, start: int, end: int) -> int:
    """The end of `[start, end)` without what leads over to the number that follows."""
    while start < end:
        piece = _before_number().search(text, max(start, end - _LONGEST), end)
        if piece is None or piece.start() == end:
            return end
        end = piece.start()
    return end


@cache
def _behind_boundary() -> re.Pattern[str]:
    """What may stand between a boundary and the words of an indicator."""
    many = "多(?!年生|元|式|功能|层|媒|领域|部门)"
    ordinal = "[一二三四五六七八九十]是"
    words = f"以上|以下|以内|左右|之内|级|余|{many}|{ordinal}|中(?=[,、]|$)|的|和|以及|及(?!时)"
    return re.compile(rf"(?:{words}|[、,:\s]|{TIME}(?![级间前龄]))*+")


def strip_left(text: str, start: int, end: int) -> int:
    """The start of `[start, end)` without what leads on from the boundary before."""
    match = _behind_boundary().match(text, start, end)
    return match.end() if match else start


def trim(text: str, start: int, end: int) -> Offsets | None:
    """`[start, end)` without punctuation and blanks at its edges; None when nothing is left."""
    while start < end and text[start] in _OUTSIDE:
        start += 1
    while start < end and text[end - 1] in _OUTSIDE:
        end -= 1
    return (start, end) if start < end else None
