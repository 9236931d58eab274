"""Finds the indicator in front of a number: the noun phrase with the verb that says what happened to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhibiao.rules.edges import strip_left, strip_right, trim
from zhibiao.rules.lists import is_generic, is_measured, without_examples
from zhibiao.rules.scene import Scene, Word
from zhibiao.schema import Offsets
from zhibiao.tables.phrases import Phrases, phrases

_LEANING = frozenset({"新", "净", "改造", "建设", "服务", "整治", "规划"})
"""Words that come along with the verb behind them (新|开工, 改造|提升)."""

_FOR = ("为", "给", "帮助", "向", "对")
_SERVED = ("主体", "患者", "农民工", "职工", "学生", "老人", "纳税人", "对象", "市民", "农民", "村民")
"""Whom something is done for, as far as no list of nouns in general says so."""

_PUSHING = frozenset({"推动", "推进", "稳定", "保持", "提高"})
"""What is done to a level or a sum, and says nothing of what is measured (推动|入住率)."""

_GRADING = frozenset(
    {"有效", "高标准", "高质量", "高水平", "高效", "精准", "公益", "集中", "直接", "协同", "按期", "按时"}
)
"""Adverbs that belong to the name when a noun follows (有效|发明专利, 高标准|农田)."""


def noun_before(scene: Scene, start: int, end: int, names: frozenset[str]) -> Offsets | None:
    """The indicator in `[start, end)`, the text between the last boundary and the number, or None.

    `names` are those of the place, which merely owns the figure.
    """
    right = strip_right(scene.text, start, end)
    words = scene.words_in(strip_left(scene.text, start, right), right)
    first = _Field(words, names, phrases()).first_word()
    if first >= len(words):
        return None
    return without_examples(
        scene.text, trim(scene.text, strip_left(scene.text, words[first].start, right), right)
    )


@dataclass(frozen=True, slots=True)
class _Field:
    """The words between a boundary and a number."""

    words: list[Word]
    names: frozenset[str]
    known: Phrases

    def first_word(self) -> int:
        """The index of the word that the indicator begins with; the number of words when there is none."""
        limit = self._behind_last_break()
        opener = self._opener(limit)
        first = limit if opener is None else opener
        if opener is None and limit and self.words[limit - 1].text in _FOR:
            first = self._verb_for(limit)
        while first < len(self.words) and self._idle(first):
            first += 1
        return first

    def _behind_last_break(self) -> int:
        """Behind the last word that no indicator crosses."""
        last = len(self.words) - 1
        for at in range(last, -1, -1):
            word = self.words[at].text
            if word in self.known.owners and not self._governed(at):
                return at + 1 if at < last else 0
            if word in self.known.breaks and at < last and not (at and self._within(at)):
                return at + 1
        return 0

    def _governed(self, at: int) -> bool:
        """占|全市, 新建|城区|停车场, 建设|市县|两级|基地: an owner behind its verb parts nothing."""
        if at and self.words[at - 1].text == "占":
            return True
        led = at - 1
        while self.words[at].text == "两级" and led > 0 and self.words[led].text[-1] in "省市区县镇乡街村":
            led -= 1
        return led >= 0 and (self._opens(led, 0) or (led == 0 and self.words[0].text in self.known.nominal))

    def _within(self, at: int) -> bool:
        """Whether the break is part of a name here: a joint, a share (用于|教育|占比) or a noun's verb."""
        word = self.words[at].text
        if word == "用于":
            return "".join(word.text for word in self.words[-2:]).endswith(("占比", "比重", "比例"))
        if word == "利用":
            behind = self.words[at + 1].text
            return behind in self.known.nominal or behind in self.known.tails
        return self._joins(at)

    def _joins(self, at: int) -> bool:
        """受理|并|调处 joins two verbs, and 重点项目|完成|投资 is a name: neither is a border."""
        word, before, behind = self.words[at].text, self.words[at - 1], self.words[at + 1].text
        if word == "并":
            return before.pos == "v" and behind in self.known.openers
        named = re.search("(?:项目|集团|工程|企业)$", before.text) is not None
        return named and word in ("完成", "累计", "实现") and self.words[-1].text in ("投资", "利润")

    def _opener(self, limit: int) -> int | None:
        """The verb that begins the indicator: the last that starts anew, or the first of a run."""
        found = None
        for at in range(limit, len(self.words) - 1):
            if not self._opens(at, limit) or (found is not None and self.words[at - 1].text == "”"):
                continue
            if found is None or not (self.words[at].text in self.known.causal or self._only_verbs(found, at)):
                found = at
        return None if found is None else self._with_leaning(limit, found)

    def _opens(self, at: int, limit: int) -> bool:
        """Whether the word is a verb here, and no part of a noun (处置|率, 生态|修复|面积, “一次办结”率)."""
        word = self.words[at].text
        if word not in self.known.openers or self._quoted(at):
            return False
        if at == limit:
            return True
        if self.words[at + 1].text in self.known.tails:
            return False
        if word not in self.known.nominal:
            return True
        return not self.words[at - 1].pos.startswith(("n", "b", "v", "j", "l", "a"))

    def _quoted(self, at: int) -> bool:
        marks = [word.text for word in self.words[:at] if word.text in ("“", "”")]
        return bool(marks) and marks[-1] == "“"

    def _only_verbs(self, first: int, at: int) -> bool:
        verbs = self.known.openers | self.known.nominal
        return all(
            word.text in verbs or word.text in "并、和及" or word.pos == "v" for word in self.words[first:at]
        )

    def _with_leaning(self, limit: int, found: int) -> int:
        """城镇新增就业 is one name; 新|开工 and 改造|提升 go together."""
        if found == limit + 1 and self.words[limit].text == "城镇":
            return limit
        while found > limit and self.words[found - 1].text in _LEANING:
            if found - 1 > limit and self.words[found - 1].text not in ("新", "净"):
                break
            found -= 1
        return found

    def _verb_for(self, limit: int) -> int:
        """为企业|减负, 为商户|减轻负担: behind whom it was done for, up to the end."""
        at_end = self._verb_at_end(limit)
        if at_end > limit:
            return at_end
        served = (at for at in range(len(self.words) - 2, limit - 1, -1) if self._served(at))
        return next(served, limit - 1) + 1

    def _served(self, at: int) -> bool:
        """Whether the word says for whom something was done, and what was done comes next."""
        word, behind = self.words[at].text, self.words[at + 1]
        return behind.pos not in ("x", "u", "uj", "c") and (is_generic(word) or word.endswith(_SERVED))

    def _verb_at_end(self, limit: int) -> int:
        """为企业|减负: the verb alone says what is measured."""
        at = len(self.words)
        while at > limit and (
            self.words[at - 1].pos in ("v", "vn", "x") or self.words[at - 1].text in self.known.nominal
        ):
            at -= 1
        return at if at < len(self.words) else limit

    def _idle(self, at: int) -> bool:
        """An adverb, owner or joint at the left edge; a light word is no indicator even alone."""
        word = self.words[at]
        if at == len(self.words) - 1:
            light = word.text in self.known.breaks or word.text in self.known.adverbs - self.known.openers
            return light or word.pos in ("x", "p")
        if word.pos == "x":
            return word.text not in "“‘《"
        if word.text in self.known.adverbs:
            return word.text not in _GRADING or self._acts(at + 1)
        if word.pos == "i" and len(word.text) == 4 and self._acts(at + 1):
            return True  # 因地制宜|建设
        if word.text in _PUSHING and is_measured(self.words[-1].text):
            return True
        return word.text in self.known.owners or word.text in self.names

    def _acts(self, at: int) -> bool:
        """Whether the word is a verb that an adverb may lead to."""
        word = self.words[at]
        if word.text in self.known.openers:
            return True
        begins = word.text[:2] in self.known.openers | self.known.nominal  # 化解矛盾 is one word of jieba's
        return not is_measured(word.text) and (begins or word.pos in ("v", "vn", "d"))
