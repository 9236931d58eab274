"""Reads a sentence's quantities into statements: which indicator, unit and growth belong together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from zhibiao.normalise.units import SCALES
from zhibiao.rules.edges import trim
from zhibiao.rules.growths import Growth
from zhibiao.rules.lists import is_measured, items_of_list
from zhibiao.rules.nouns_before import noun_before
from zhibiao.rules.nouns_behind import noun_behind, stands_behind, subject
from zhibiao.rules.quantities import Quantity, find_quantities
from zhibiao.rules.scene import Scene
from zhibiao.rules.sorts import Sort
from zhibiao.schema import Offsets
from zhibiao.tables.phrases import phrases

Item = Quantity | Growth

_LED = frozenset({"固定资产", "地区", "生产", "工业", "集体经济", "人均", "年均", "规上", "规模以上"})
"""Words that a measured noun takes along (盟市|固定资产|投资)."""

_SIDE_BY_SIDE = 4
"""No more quantities than these share one noun (12类|60项|民生实事)."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One record to be, in the scene's offsets."""

    indicator: Offsets
    quantity: Quantity | None
    growth: Growth | None

    @property
    def end(self) -> int:
        """Where its last quantity ends."""
        return max(item.end for item in (self.quantity, self.growth) if item)


def read(scene: Scene, names: frozenset[str]) -> list[Statement]:
    """The statements of a sentence, in text order; `names` are those of the place reported on."""
    items: list[Item] = [*find_quantities(scene.text, scene.growths), *scene.growths]
    return _Reader(scene, names, sorted(items, key=lambda item: item.start)).read()


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    sources = {
        "joint": r"\s*(?:、|和|及|与|,|以及|,和)?(?:约|近|超|超过|突破)?\s*",
        "beside": "[、和]?共?",
        "in_order": "分别|依次",
        "shared": "(?:均(?![衡价等])|双双|各(?![类项级地种])|(?<![成首古])都(?!市))[^,、]{0,8}$",
        "boundary": "[,;:。!?、]",
        "honour": "获|入选|荣获|夺得|登上|亮相",
        "aid": "支持|用于|帮助|补助|补贴",
    }
    return {name: re.compile(source) for name, source in sources.items()}


class _Reader:
    """Walks over the quantities of one sentence from left to right."""

    def __init__(self, scene: Scene, names: frozenset[str], items: Sequence[Item]) -> None:
        self.scene = scene
        self.text = scene.text
        self.names = names
        self.items = items
        self.found: list[Statement] = []
        self.used = 0  # everything left of it is spoken for

    def read(self) -> list[Statement]:
        """Reads all items."""
        at = 0
        while at < len(self.items):
            at += self._group(at)
        return self.found

    def _group(self, at: int) -> int:
        """Reads the item at `at`, or the list (分别A、B) that begins there; returns how many that took."""
        run = self._run(at)
        if len(run) > 1 and self._in_order(at, run):
            self._pair(at, run)
        else:
            run = run[:1]
            self._single(at)
        self.used = max(self.used, run[-1].end)
        return len(run)

    def _run(self, at: int) -> list[Item]:
        """The items of one kind from `at` on that only 、和及 join."""
        run = [self.items[at]]
        for item in self.items[at + 1 :]:
            between = self.text[run[-1].end : item.start]
            if type(item) is not type(run[0]) or not _patterns()["joint"].fullmatch(between):
                break
            run.append(item)
        return run

    def _in_order(self, at: int, run: Sequence[Item]) -> bool:
        """Whether a run pairs with nouns by order: 分别, or a rate without direction of its own."""
        if _patterns()["in_order"].search(self.text, self._left(at), run[0].start):
            return True
        rates = [item for item in run if isinstance(item, Growth)]
        return any(not rate.head or "分别" in self.text[rate.start : rate.end] for rate in rates)

    def _left(self, at: int) -> int:
        """Where the field of item `at` begins: behind the last item, comma or open parenthesis."""
        start = self.items[at].start
        comma = max(self.text.rfind(mark, self.used, start) for mark in ",;:。!?")
        opened = self.text.rfind("(", self.used, start)
        if opened > comma and self.text.find(")", opened) > start:
            comma = opened
        return max(self.used, comma + 1)

    def _noun_before(self, left: int, item: Item) -> Offsets | None:
        return noun_before(self.scene, left, item.start, self.names)

    def _pair(self, at: int, run: Sequence[Item]) -> None:
        """分别: the items of the run in order, each with its own noun or all with the list's."""
        left = self._left(at)
        head = self._noun_before(left, run[0])
        if head is None and self._pair_with_last(run):
            return
        head = head or self._elided(left, marks=",:")
        if head is None:
            return
        heads = items_of_list(self.text, head)
        heads = heads if len(heads) == len(run) else [head] * len(run)
        for one, item in zip(heads, run, strict=True):
            self._add(one, item)

    def _pair_with_last(self, run: Sequence[Item]) -> bool:
        """分别提高5.3个和4.1个百分点, behind as many statements: one each."""
        last = self.found[-len(run) :]
        if len(last) < len(run):
            return False
        rates = [item for item in run if isinstance(item, Growth)]
        if rates and all(one.growth is None for one in last):
            self.found[-len(run) :] = [
                replace(one, growth=rate) for one, rate in zip(last, rates, strict=True)
            ]
        else:
            for one, item in zip(last, run, strict=True):
                self._add(one.indicator, item)
        return True

    def _add(self, head: Offsets, item: Item) -> None:
        quantity, growth = (None, item) if isinstance(item, Growth) else (item, None)
        self.found.append(Statement(head, quantity, growth))

    def _single(self, at: int) -> None:
        item, left = self.items[at], self._left(at)
        if isinstance(item, Growth):
            self._growth(left, item)
        else:
            self._quantity(at, left, item)

    def _growth(self, left: int, growth: Growth) -> None:
        head = self._noun_before(left, growth)
        if head is None and self._joins_last(growth):
            self.found[-1] = replace(self.found[-1], growth=growth)
            return
        head = head or self._elided(left)
        if head is not None:
            for one in self._shared(head, left, growth) or self._measured_items(head):
                self._add(one, growth)

    def _joins_last(self, growth: Growth) -> bool:
        """A rate right behind a value belongs to its record; a second one is a record of its own."""
        if not self.found or self.found[-1].growth or not self.found[-1].quantity:
            return False
        return ";" not in self.text[self.found[-1].end : growth.start]

    def _shared(self, head: Offsets, left: int, item: Item) -> list[Offsets]:
        """Each item of a list that shares a quantity (均, 双双, 各)."""
        return (
            items_of_list(self.text, head)
            if _patterns()["shared"].search(self.text[left : item.start])
            else []
        )

    def _measured_items(self, head: Offsets) -> list[Offsets]:
        items = items_of_list(self.text, head)
        return items if all(is_measured(self.text[start:end]) for start, end in items) else [head]

    def _rates(self, head: Offsets, quantity: Quantity) -> list[Offsets]:
        """巡查率、处置率|100%: rates that share a number."""
        items = items_of_list(self.text, head) if quantity.sort is Sort.PERCENT else []
        return items if all(self.text[end - 1] == "率" for _, end in items) else []

    def _quantity(self, at: int, left: int, quantity: Quantity) -> None:
        back = self._back(at, quantity) or self._back_of_next(at)
        front = self._noun_before(left, quantity)
        if front and self._elides(front, quantity):
            front = None
        if back and (front is None or self._prefers_back(front, back, quantity)):
            if at + 1 == len(self.items) or back[0] < self.items[at + 1].start:
                self.used = max(self.used, back[1])
            self._add(back, quantity)
        elif front is None and self._completes_last(left, quantity):
            self.found[-1] = replace(self.found[-1], quantity=quantity)
        else:
            marks = ",:" if self._unit(quantity) == "倍" else ",:、"  # 是上年的2倍 speaks of the whole clause
            self._with_front(front or self._elided(left, marks=marks), left, quantity)

    def _with_front(self, head: Offsets | None, left: int, quantity: Quantity) -> None:
        if head is not None:
            for one in self._shared(head, left, quantity) or self._rates(head, quantity) or [head]:
                self._add(one, quantity)

    def _prefers_back(self, front: Offsets, back: Offsets, quantity: Quantity) -> bool:
        """Counted things stand behind their number; sums and shares follow theirs, unless that is a verb."""
        if quantity.sort not in (Sort.MONEY, Sort.PERCENT):
            return True
        if quantity.sort is Sort.PERCENT and self.text.startswith("的", quantity.end):
            return True  # 82%的工业用地
        if quantity.sort is Sort.MONEY and self._begins_with_verb(back):
            return False  # 投入7000万元|提升办学能力
        verb = self.scene.words_in(*front)[-1].text
        merely = verb in phrases().openers or verb in phrases().causal - phrases().nominal
        return merely and not _patterns()["aid"].match(self.text, back[0])

    def _begins_with_verb(self, back: Offsets) -> bool:
        word, known = self.scene.words_in(*back)[0], phrases()
        if word.text in known.openers | known.causal | known.adverbs:
            return True
        return word.pos == "v" and word.text not in known.nominal

    def _back(self, at: int, quantity: Quantity) -> Offsets | None:
        """The noun behind the quantity; a measured noun before the next number belongs to that."""
        if not stands_behind(self.scene, quantity.end):
            return None
        stop = _patterns()["boundary"].search(self.text, quantity.end)
        limit = stop.start() if stop else len(self.text)
        if at + 1 < len(self.items) and self.items[at + 1].start < limit:
            limit = self._before_next(quantity.end, self.items[at + 1].start)
        if self._unit(quantity) == "次" and _patterns()["honour"].match(self.text, quantity.end):
            return trim(self.text, quantity.end, limit)
        return noun_behind(self.scene, quantity.end, limit, self.names)

    def _back_of_next(self, at: int) -> Offsets | None:
        """2000人次、1.1万小时|志愿服务: quantities side by side share the noun behind the last."""
        for quantity, following in pairwise(self.items[at : at + _SIDE_BY_SIDE]):
            if isinstance(quantity, Growth) or isinstance(following, Growth):
                return None
            if not _patterns()["beside"].fullmatch(self.text, quantity.end, following.start):
                return None
            if quantity.sort is Sort.PERCENT or quantity.sort is following.sort is Sort.MONEY:
                return None
            at += 1
            if (back := self._back(at, following)) is not None:
                return back
        return None

    def _unit(self, quantity: Quantity) -> str:
        return self.text[quantity.unit[0] : quantity.unit[1]] if quantity.unit else ""

    def _before_next(self, start: int, end: int) -> int:
        """盟市|固定资产投资|增速超过20%: where the noun of the number that follows begins."""
        words = self.scene.words_in(start, end)
        for at in range(len(words) - 1, 0, -1):
            if is_measured(words[at].text):
                while at > 1 and words[at - 1].text in _LED:
                    at -= 1
                return words[at].start
        joint = max((word.start for word in words if word.text in ("和", "与", "及")), default=end)
        return joint if end - joint <= 5 else end

    def _elides(self, front: Offsets, quantity: Quantity) -> bool:
        """建成2个 behind 启动6个综合体: the same unit, and a verb of progress alone."""
        last = self.found[-1].quantity if self.found else None
        if last is None or self.text[front[0] : front[1]] not in phrases().progress:
            return False
        unit = self._unit(quantity).lstrip(SCALES)
        return unit != "" and unit == self._unit(last).lstrip(SCALES)

    def _completes_last(self, left: int, quantity: Quantity) -> bool:
        """工业投资年均增长8.1%,2025年突破2250亿元: the value of the growth just read."""
        if not self.found or self.found[-1].quantity is not None:
            return False
        return quantity.sort is Sort.MONEY and self.found[-1].end >= left - 1

    def _elided(self, left: int, *, marks: str = ",:、") -> Offsets | None:
        """No noun in its own clause: the subject of the clause before, or the noun of the last statement."""
        clause = re.search(rf"[^;。{marks}]+[{marks}]\s*$", self.text[max(0, left - 80) : left])
        start = max(0, left - 80) + clause.start() if clause and clause[0] not in ("其中,", "其中:") else None
        if self.found and (start is None or self.found[-1].end > start):
            return self.found[-1].indicator
        return None if start is None else subject(self.scene, start, left)
