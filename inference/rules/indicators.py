"""Finds the noun phrase that says what a quantity measures: before it (企业|42家) or behind it (45个|网格)."""

from __future__ import annotations

import re
from functools import cache

from inference.rules.scene import Scene, Word
from zhibiao.schema import Offsets
from zhibiao.tables.phrases import Phrases, phrases

_EDGE = " \t,、;:。!?“”‘’\"'《》()[]【】—-·…*#|<>\u3000"
_TIME = (
    r"(?:[至到]?(?:20[0-9]{2}|19[0-9]{2})年(?:底|末|初|上半年|下半年|全年|以来)?|[一二三四]季度|前三季度|上半年|下半年|全年|今年|去年|上年|明年|年底|年末|年均"
    r"|[一二两三四五六七八九十0-9]{1,2}年(?:以来|来|间|多来)?|这一年|[0-9]{1,2}(?:-[0-9]{1,2})?月份?(?:底|末)?|“?十[一二三四]五”?(?:期间|时期|末)?)"
)
_BOUND = frozenset(
    "率 额 量 数 值 面积 规模 比 型 性 化 业 者 点 站 所 费 费用 制 力 员 长 师 区 厂 车 房 物 品 能力 时间 周期 效率 成本 人数 余额 总量 总额 比例 比重 强度 情况 水平 标准 期".split()
)


@cache
def _right_strip() -> re.Pattern[str]:
    """What may stand between an indicator and its number."""
    return re.compile(
        r"(?:(?:"
        r"(?:提高|提升|增加|增长|扩大|上升|下降|减少|降低|缩小|回落|压缩|调整|优化|扩容|扩展|拓展|上涨|跃升|攀升|恢复|扩充|增|降|升)*(?:到|至|为|近|了)"
        r"|(?:始终|持续|继续|总体|稳定)*(?:稳定|保持|控制|维持)在?"
        r"|超额完成|完成|实现|达成|达到?|高达|多达|(?:首次|历史性|接连|连续|成功)?(?:突破|跨越|站上|站稳|迈上|跃上|迈过|冲破)|首破|连破|接近|将近|大约"
        r"|分别|双双|已经|已|均|各|都|共计|总计|合计|累计|共有|共|总共|约有|约|仅有|仅|只|就|仍|近|超过|超|逾|破|有|为|是|至少|不低于|不少于|不超过|不高于|力争|争取|预计|预期|首次|再次|再|又|也"
        r"|分别(?:新增|增加|减少|净增)|(?:超额)?完成(?:年度|全年)?(?:目标任务|目标|任务)+的?"
        r"|[由从到至达将把以按中]|全部|整体|连续|每[年月日天人户亩]|(?<=[^,、])(?:提高|上调|增加|减少|增发)|占[^,。;、0-9]{2,14}的|占(?:年度|全年)?(?:计划|目标|任务)+|净增加|新增加|较[^,。;、]{1,6}增加|仅差|还差|尚差|目标|占(?:全[国省市区县州旗盟]|总[数量额])?的?|平均|每年|等(?=共|约|超|近|累计|$)|(?<!标)的"
        rf"|\([^()]*\)|[:,、\s“‘《]|{_TIME}"
        r"))+$"
    )


@cache
def _left_strip() -> re.Pattern[str]:
    """What may stand between a boundary and the words of an indicator."""
    return re.compile(
        rf"(?:以上|以下|以内|左右|之内|级|余|多|中(?=[,、]|$)|的|和|以及|及(?!时)|[、,:\s]|{_TIME}(?![级间前龄]))*"
    )


def before(scene: Scene, start: int, end: int, names: frozenset[str]) -> Offsets | None:
    """The indicator in `[start, end)`, the text between the last boundary and the number."""
    stripped = _right_strip().search(scene.text, start, end)
    right = stripped.start() if stripped else end
    left = _left_strip().match(scene.text, start, right)
    words = scene.words_in(left.end() if left else start, right)
    first = _first_word(words, names)
    if first >= len(words):
        return None
    again = _left_strip().match(scene.text, words[first].start, right)
    return _behind_examples(scene.text, trim(scene.text, again.end() if again else words[first].start, right))


@cache
def _examples() -> re.Pattern[str]:
    """A list of examples closed by 等, and what it is a list of (甲、乙等领域|领军人才)."""
    return re.compile(r".*等(?:[一二两三四五六七八九十]+[个类大])?(?:领域|方面|行业|地区?|国家|地方|单位和)?的?")


def _behind_examples(text: str, found: Offsets | None) -> Offsets | None:
    """甲、乙等|事项: the examples stay out, unless what is measured or who is meant leans on them."""
    match = _examples().match(text, *found) if found else None
    if found is None or match is None or match.end() >= found[1] - 1:
        return found
    rest = text[match.end() : found[1]]
    plain = text[match.end() - 1] == "等" and not re.search("(?:事项|资金|项目|活动|业务|企业|单位)$", rest)
    return found if plain or is_measured(rest) else trim(text, match.end(), found[1])


def _first_word(words: list[Word], names: frozenset[str]) -> int:
    """The index of the word that the indicator begins with."""
    known = phrases()
    limit = _after_break(words, names, known)
    opener = _opener(words, limit, known)
    first = limit if opener is None else opener
    if opener is None and limit and words[limit - 1].text in ("为", "给", "帮助", "向", "对"):
        first = _verb_at_end(words, limit, known)
    while first < len(words) and _idle(words, first, names, known):
        first += 1
    return first


def _after_break(words: list[Word], names: frozenset[str], known: Phrases) -> int:
    """Behind the last word that no indicator crosses."""
    for at in range(len(words) - 1, -1, -1):
        word = words[at]
        last = at == len(words) - 1
        if word.text in known.owners and not (at and words[at - 1].text == "占"):
            return at + 1 if not last else 0
        if word.text in known.breaks and not last and not (at and _joins(words, at, known)):
            return at + 1
    return 0


def _joins(words: list[Word], at: int, known: Phrases) -> bool:
    """受理|并|调处: a joint of two verbs is no border."""
    if words[at].text == "并" and words[at - 1].pos == "v" and words[at + 1].text in known.openers:
        return True
    return _part_of_name(words, at)


def _part_of_name(words: list[Word], at: int) -> bool:
    """完成投资 behind its project is part of the name (重点项目完成投资)."""
    return (
        words[at].text in ("完成", "累计", "实现")
        and bool(re.search("(?:项目|集团|工程|企业)$", words[at - 1].text))
        and words[-1].text in ("投资", "利润")
    )


def _opener(words: list[Word], limit: int, known: Phrases) -> int | None:
    """The verb that begins the indicator: the rightmost true opener, or the first of a run of openers."""
    found = None
    for at in range(limit, len(words) - 1):
        word = words[at]
        if word.text not in known.openers or words[at + 1].text in _BOUND and at > limit:
            continue
        if _quoted(words, at):
            continue
        if at > limit and word.text in known.nominal and not _fresh(words, at):
            continue
        if found is not None and (word.text in known.causal or _run(words, found, at, known)):
            continue
        found = at
    return _with_prefix(words, limit, found, known)


def _quoted(words: list[Word], at: int) -> bool:
    """Inside a quotation a verb is part of a name (“一次办结”率)."""
    marks = [word.text for word in words[:at] if word.text in ("“", "”")]
    return bool(marks) and marks[-1] == "“"


def _fresh(words: list[Word], at: int) -> bool:
    """Whether the word before is no noun that the verb could be part of."""
    return not words[at - 1].pos.startswith(("n", "b", "v", "j", "l", "a"))


def _run(words: list[Word], first: int, at: int, known: Phrases) -> bool:
    """Only verbs and their joints lie between the two openers."""
    return all(
        word.text in known.openers or word.text in known.nominal or word.text in "并、和及" or word.pos == "v"
        for word in words[first:at]
    )


def _with_prefix(words: list[Word], limit: int, found: int | None, known: Phrases) -> int | None:
    """新|开工, 再|新增, 组织|开展: words that lean on the opener come along."""
    if found is None:
        return None
    if found == limit + 1 and words[limit].text == "城镇":
        return limit
    while found > limit and (
        words[found - 1].text in ("新", "净", "改造", "建设", "服务", "整治", "规划")
        and _fresh_run(words, found, limit)
    ):
        found -= 1
    return found


def _fresh_run(words: list[Word], found: int, limit: int) -> bool:
    return found - 1 == limit or words[found - 1].text in ("新", "净")


def _verb_at_end(words: list[Word], limit: int, known: Phrases) -> int:
    """为企业|减负: the verb alone says what is measured."""
    at = len(words)
    while at > limit and (words[at - 1].pos in ("v", "vn", "x") or words[at - 1].text in known.nominal):
        at -= 1
    return at if at < len(words) else limit


def _idle(words: list[Word], at: int, names: frozenset[str], known: Phrases) -> bool:
    """An adverb, owner or joint at the left edge, unless nothing else is left."""
    word = words[at]
    if at == len(words) - 1:
        return word.pos in ("x", "p") or word.text in known.breaks or word.text in known.adverbs - known.openers
    return (
        word.text in known.adverbs
        or word.text in known.owners
        or word.text in names
        or word.pos == "x"
        and word.text not in "“‘《"
    )


def behind(scene: Scene, start: int, end: int, names: frozenset[str]) -> Offsets | None:
    """The indicator in `[start, end)`, the text behind the unit up to the next boundary."""
    skipped = re.compile(r"[的\s]*").match(scene.text, start, end)
    words = scene.words_in(skipped.end() if skipped else start, end)
    while len(words) > 1 and words[0].text in names:
        words = words[1:]
    last = next((at for at in range(len(words)) if _ends_phrase(scene, words, at)), len(words))
    while last and words[last - 1].text in ("和", "与", "及", "以及", "或"):
        last -= 1
    if last == 0:
        return None
    found = trim(scene.text, words[0].start, words[last - 1].end)
    return _without_routine(scene.text, _without_quoted(scene.text, found)) if found else None


def _without_quoted(text: str, found: Offsets) -> Offsets:
    """6个|“幸福里”|社区综合体: a quoted name in front of the noun stays out."""
    match = re.compile("[^“”]{5,16}”(?=[一-鿿]{2})").match(text, *found)
    return (match.end(), found[1]) if match else found


def clause(scene: Scene, start: int, end: int) -> Offsets | None:
    """All of `[start, end)`: what was done so many times (9次|获全国文艺奖项)."""
    return trim(scene.text, start, end)


def _ends_phrase(scene: Scene, words: list[Word], at: int) -> bool:
    word, known = words[at], phrases()
    if word.pos == "x":
        return _mark_ends(scene, words, at)
    if word.text in ("的", "了", "等", "中", "左右") or (
        word.text in ("以上", "以下", "以内") and at == len(words) - 1
    ):
        return True
    if word.text in ("和", "与", "及", "以及", "或"):
        return at == 0 or bool(re.match("一[批个]|[0-9]", scene.text[word.end :]))
    if word.text in known.predicates or word.pos == "p":
        return True
    if at == 0 or words[at - 1].text in ("新", "再", "净"):
        return False
    rest = words[-1].end - word.start
    if word.text in known.openers and rest > 4 and words[at + 1].text not in _BOUND:
        return True
    if word.text in known.nominal:
        return False
    if rest <= 4 and not _generic().search(scene.text, words[0].start, word.start):
        return False
    if word.start - words[0].start < 4 and not _generic().search(scene.text, words[0].start, word.start):
        return False
    return (
        word.pos in ("v", "d")
        and len(word.text) > 1
        and not (at + 1 < len(words) and words[at + 1].text in _BOUND)
    )


def _mark_ends(scene: Scene, words: list[Word], at: int) -> bool:
    """A quotation goes on with its noun (“微更新”工程); a short parenthesis may stand inside."""
    word = words[at]
    if word.text in "”’》·-+&/%" or re.fullmatch(r"[A-Za-z0-9.]+", word.text):
        return False
    if word.text in "“‘《(":
        closed = re.compile(r"[”’》)]").search(scene.text, word.end)
        return closed is None or (at > 0 and not re.match(r"[\u4e00-\u9fff]", scene.text[closed.end() :]))
    return word.text != ")"


@cache
def _routine() -> re.Pattern[str]:
    """Routine work behind the counted noun stays out (145个|垃圾库房|定点投放管理)."""
    return re.compile(rf"(?<=..)(?:(?:建设|创建工作|创建|打造|培育)|{_TIME})$")


def _without_routine(text: str, found: Offsets) -> Offsets:
    match = _routine().search(text, *found)
    return trim(text, found[0], match.start()) or found if match else found


def subject(scene: Scene, start: int, end: int) -> Offsets | None:
    """The noun phrase that a clause without quantity begins with (旅客吞吐量|创新高)."""
    left = _left_strip().match(scene.text, start, end)
    words = scene.words_in(left.end() if left else start, end)
    last = next(
        (
            at
            for at in range(1, len(words))
            if words[at].pos in ("v", "d", "p") and words[at].text not in phrases().nominal
        ),
        len(words),
    )
    found = trim(scene.text, words[0].start, words[last - 1].end) if words else None
    high = re.compile("再?创(?:历史)?新高").search(scene.text, start, end)
    return trim(scene.text, found[0], min(found[1], high.start())) if found and high else found


@cache
def _generic() -> re.Pattern[str]:
    """Nouns that the earlier items of a list lean on (高新技术、科技型中小|企业)."""
    return re.compile("(?:企业|用户|项目|人员|机构|园区|居民|学校|医院|户|人口|产品|单位|社区|工作|商户|家庭|群众)$")


@cache
def _measured() -> re.Pattern[str]:
    words = "|".join(sorted(phrases().heads, key=len, reverse=True))
    return re.compile(f"(?:{words}|[率额量值数费])$")


def is_measured(phrase: str) -> bool:
    """Whether the phrase ends in a noun that is measured (增加值, 覆盖率) and not counted (企业)."""
    return bool(_measured().search(phrase))


def items_of_list(text: str, head: Offsets) -> list[Offsets]:
    """The items of a list when each is complete alone; the whole list when they lean on the last one's noun."""
    parts, at = [], head[0]
    for match in re.finditer("、|和|及|与|以及", text[head[0] : head[1]]):
        parts.append((at, head[0] + match.start()))
        at = head[0] + match.end()
    parts.append((at, head[1]))
    items = [item for item in (trim(text, *part) for part in parts) if item]
    measured = [is_measured(text[start:end]) for start, end in items]
    if len(items) < 2 or (measured[-1] and not all(measured)):
        return [head]
    generic = _generic().search(text, *items[-1])
    return [head] if generic and not all(text[:end].endswith(generic[0]) for _, end in items) else items


def trim(text: str, start: int, end: int) -> Offsets | None:
    """`[start, end)` without punctuation and blanks at its edges; None when nothing is left."""
    while start < end and text[start] in _EDGE:
        start += 1
    while start < end and text[end - 1] in _EDGE:
        end -= 1
    return (start, end) if start < end else None


@cache
def _no_noun_behind() -> re.Pattern[str]:
    direction = "提升|提高|增加|上升|扩大|下降|缩小|减少|调整|优化|增长|跃升|攀升|降|增|升"
    return re.compile(
        rf"左右|以[上下内]|之?内|共|(?:{direction})+(?:到|至|为|近|约|了)|[一二两三四五六七八九十]+[个项大条]|级"
    )


def stands_behind(scene: Scene, end: int) -> bool:
    """Whether text that could be the counted noun touches the quantity that ends at `end`."""
    rest = scene.text[end : end + 12]
    return bool(re.match(r"[的“‘]?[\u4e00-\u9fffA-Za-z0-9]", rest)) and not _no_noun_behind().match(rest)
