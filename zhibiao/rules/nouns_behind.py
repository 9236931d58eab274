"""Finds the indicator behind a quantity (45个|网格), and that of a clause without one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from zhibiao.rules.edges import TIME, strip_left, trim
from zhibiao.rules.lists import is_generic
from zhibiao.rules.scene import Scene, Word
from zhibiao.schema import Offsets
from zhibiao.tables.phrases import Phrases, phrases
from zhibiao.tables.words import alternation

_JOINTS = ("和", "与", "及", "以及", "或")
_ASPECTS = frozenset({"了", "着", "过", "为", "到", "在", "去", "至", "出", "完"})
"""Words that make a verb of the word before (赶|在, 送|去, 整合|为)."""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    directions = alternation(phrases().directions)
    sources = {
        "noun": r"[的“‘]?[\u4e00-\u9fffA-Za-z0-9]",
        "no_noun": (
            f"左右|大关|台阶|关口|门槛|以[上下内](?![^,。;、]{4})|之?内(?=[,。;、]|$)|共|(?:{directions})+(?:到|至|为|近|约|了)|[一二两三四五六七八九十]+[个项大条]|级"
        ),
        "of": r"[的\s]*",
        "another": "一[批个]|[0-9]|[两三四五六七八九十]+[大个项]|我们|他们|其他|其它",
        "closing": "[”’》)]",
        "han": r"[\u4e00-\u9fff]",
        "latin": "[A-Za-z0-9.]+",
        # Routine work behind the counted noun stays out (145个|垃圾库房|定点投放管理), and so does a date.
        "routine": f"(?<=..)(?:建设|创建工作|创建|打造|培育|{TIME})$",
        "quoted": r"[^“”]{5,16}”(?=[\u4e00-\u9fff]{2})",
        "compound": "(?:建设|工程|项目|企业|设施|设备|中心|机构|服务|单位|基地|产业|系统|治理|整治)$",
        "participle": "(?:上市|签约|开工|竣工|投产|落地|入驻)(?:后备|培育)?(?:企业|项目|公司|机构|平台)",
        "places": "县|县市|县区|区县|乡镇|镇街|街道|市州|社区|村|行政村|省份",
        "people": (
            "(?:师生|学生|毕业生|群众|居民|村民|农民|市民|职工"
            "|老人|人员|教师|党员|游客|农户|家庭|劳动力|儿童|青年|选手|[职队社会官]员|患者|专家)$"
        ),
        "threshold": (
            "(?:年?(?:总?产值|总?投资额?|营收|营业收入|主营业务收入|销售收入|纳?税收?|收入|规模|交易额))"
            "(?:超过?|达到?|过|破)[0-9一二两三五十百千]+[万亿]+元(?:以上)?的?(?=[\u4e00-\u9fff]{2})"
        ),
        # An adjective or a verb of having, up to the last 的 before the noun.
        "clause": (
            r"(?:[一-鿿]{1,5}(?:[高强大好优美广]|鲜明|优美|完善|完备|突出|先进|明显|周到|齐全|雄厚|显著|良好)"
            r"(?=[、的])|(?:具备|具有|拥有|符合)(?=[\u4e00-\u9fff]))[^,;:。!?0-9]{0,24}的"
            r"(?=(?P<noun>(?:(?!的)[\u4e00-\u9fff“”]){2,20})(?:[,;:。!?、0-9]|$))"
        ),
        "record_high": "再?创(?:历史)?新高",
    }
    return {name: re.compile(source) for name, source in sources.items()}


def stands_behind(scene: Scene, end: int) -> bool:
    """Whether text that could be the counted noun touches the quantity that ends at `end`."""
    return bool(_patterns()["noun"].match(scene.text, end)) and not _patterns()["no_noun"].match(
        scene.text, end
    )


def noun_behind(scene: Scene, start: int, end: int, names: frozenset[str]) -> Offsets | None:
    """The indicator in `[start, end)`, the text behind the unit up to the next boundary, or None."""
    start, end = _behind_clause(scene, start, end)
    words = scene.words_in(start, end)
    while len(words) > 1 and words[0].text in names:
        words = words[1:]
    last = _Phrase(scene.text, words, phrases()).length()
    found = trim(scene.text, words[0].start, words[last - 1].end) if last else None
    return _shortest(scene.text, found) if found else None


def _behind_clause(scene: Scene, start: int, end: int) -> Offsets:
    """15家|集聚度高、承载力强的|产业园: a clause that describes what is counted is no part of its name."""
    skipped = _patterns()["of"].match(scene.text, start, end)
    start = skipped.end() if skipped else start
    clause = _patterns()["clause"].match(scene.text, start)
    return (clause.end(), clause.end("noun")) if clause else (start, end)


def _shortest(text: str, found: Offsets) -> Offsets:
    """Without a quoted name in front (6个|“幸福里”|社区综合体) and without routine work behind."""
    quoted = _patterns()["quoted"].match(text, *found)
    found = (quoted.end(), found[1]) if quoted else found
    routine = _patterns()["routine"].search(text, *found)
    return (trim(text, found[0], routine.start()) or found) if routine else found


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The words behind a quantity, up to the next boundary."""

    text: str
    words: list[Word]
    known: Phrases

    def length(self) -> int:
        """How many of the words belong to the noun phrase."""
        last = next((at for at in range(len(self.words)) if self._ends(at)), len(self.words))
        while last and self.words[last - 1].text in _JOINTS:
            last -= 1
        return last

    def _ends(self, at: int) -> bool:
        word = self.words[at]
        if word.pos == "x":
            return self._mark_ends(at)
        if at == 0 and _patterns()["participle"].match(self.text, word.start):
            return False
        if self._is_quoted(at) or word.end <= self._class_end():
            return False
        if word.text in _JOINTS:
            another = _patterns()["another"].match(self.text, word.end)
            return at == 0 or another is not None
        if word.text in ("以上", "以下", "以内"):
            return at == len(self.words) - 1
        if (
            word.text in ("的", "了", "等", "中", "左右", "共", "共计", "合计", "总计", "累计")
            or word.text in self.known.predicates
            or word.pos == "p"
        ):
            return True
        return at > 0 and self.words[at - 1].text not in ("新", "再", "净") and self._is_verb(at)

    def _class_end(self) -> int:
        """3家|产值超百亿元|制造业企业: where a threshold in the name ends."""
        found = _patterns()["threshold"].match(self.text, self.words[0].start)
        return found.end() if found else 0

    def _is_quoted(self, at: int) -> bool:
        """Inside a quotation nothing ends the phrase (5个城际“断头路”项目)."""
        before = self.text[self.words[0].start : self.words[at].start]
        return before.count("“") > before.count("”")

    def _is_verb(self, at: int) -> bool:
        """Whether the word is the phrase's predicate, and no part of a compound (花箱|摆放, 引导|资金)."""
        word = self.words[at]
        behind = self.words[at + 1].text if at + 1 < len(self.words) else ""
        rest = self.words[-1].end - word.start
        if (self._has_aspect(word, behind)) or self._is_idiom(word, behind):
            return True
        if word.text in self.known.openers and rest > 4 and behind not in self.known.tails:
            return True
        if word.text in self.known.nominal or behind in self.known.tails:
            return False
        before = self.text[self.words[0].start : word.start]
        if word.pos in ("v", "d", "ad") and self._names_people(before):
            return True
        if (
            word.pos == "v"
            and _patterns()["places"].fullmatch(before)
            and word.text not in self.known.nominal
        ):
            return True
        if (rest <= 4 or len(before) < 4) and not is_generic(before):
            return False
        return word.pos in ("v", "d", "ad") and len(word.text) > 1

    def _has_aspect(self, word: Word, behind: str) -> bool:
        """赶|在 and 送|去 are verbs; a noun may stand before 在 and 为 (毕业生|在)."""
        return behind in _ASPECTS and not (word.pos.startswith("n") and behind in ("在", "为", "到", "至"))

    def _is_idiom(self, word: Word, behind: str) -> bool:
        """A saying is a predicate (齐头并进), and no part of a compound (工程|建设, 互联互通|工程)."""
        compound = _patterns()["compound"].search(word.text) or _patterns()["compound"].fullmatch(behind)
        return len(word.text) == 4 and word.pos in ("i", "l") and compound is None

    def _names_people(self, phrase: str) -> bool:
        """20万|师生: behind a number of people their name is complete, whatever they do."""
        counted = self.text[: self.words[0].start].endswith(("名", "位", "人", "户", "万", "的"))
        return counted and _patterns()["people"].search(phrase) is not None

    def _mark_ends(self, at: int) -> bool:
        """A quotation goes on with its noun (“微更新”工程); a short parenthesis may stand inside."""
        word = self.words[at]
        if word.text in "“‘《(":
            closed = _patterns()["closing"].search(self.text, word.end, word.end + 40)
            return closed is None or (at > 0 and not _patterns()["han"].match(self.text, closed.end()))
        return word.text not in "”’》)·-+&/%" and _patterns()["latin"].fullmatch(word.text) is None


def subject(scene: Scene, start: int, end: int) -> Offsets | None:
    """The noun phrase that a clause without quantity begins with (旅客吞吐量|创新高)."""
    words = scene.words_in(strip_left(scene.text, start, end), end)
    if not words:
        return None
    nominal = phrases().nominal
    verbs = (
        at for at, word in enumerate(words) if at and word.pos in ("v", "d", "p") and word.text not in nominal
    )
    last = next(verbs, len(words))
    high = _patterns()["record_high"].search(scene.text, start, end)
    stop = min(words[last - 1].end, high.start()) if high else words[last - 1].end
    return trim(scene.text, words[0].start, stop)
