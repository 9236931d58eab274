"""Finds the indicator in front of a number: the noun phrase with the verb that says what happened to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhibiao.rules.edges import strip_left, strip_right, trim
from zhibiao.rules.lists import without_examples
from zhibiao.rules.scene import Scene, Word
from zhibiao.schema import Offsets
from zhibiao.tables.phrases import Phrases, phrases

_LEANING = frozenset({"新", "净", "改造", "建设", "服务", "整治", "规划"})
"""Words that come along with the verb behind them (新|开工, 改造|提升)."""


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
        if opener is None and limit and self.words[limit - 1].text in ("为", "给", "帮助", "向", "对"):
            first = self._verb_at_end(limit)
        while first < len(self.words) and self._idle(first):
            first += 1
        return first

    def _behind_last_break(self) -> int:
        """Behind the last word that no indicator crosses."""
        last = len(self.words) - 1
        for at in range(last, -1, -1):
            word = self.words[at].text
            if word in self.known.owners and not (at and self.words[at - 1].text == "占"):
                return at + 1 if at < last else 0
            if word in self.known.breaks and at < last and not (at and self._joins(at)):
                return at + 1
        return 0

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
            if not self._opens(at, limit):
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
        return word not in self.known.nominal or not self.words[at - 1].pos.startswith(
            ("n", "b", "v", "j", "l", "a")
        )

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
        return word.text in self.known.adverbs or word.text in self.known.owners or word.text in self.names
