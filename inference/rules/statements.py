"""Reads a sentence's quantities into statements: which indicator, which unit, which growth belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from inference.rules import indicators
from inference.rules.growths import Growth, find_growths
from inference.rules.quantities import Quantity, find_quantities
from inference.rules.scene import Scene
from zhibiao.schema import Offsets
from inference.rules.sorts import Sort
from zhibiao.tables.phrases import phrases

Item = Quantity | Growth


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
    """The statements of a sentence, in text order."""
    growths = find_growths(scene.text)
    items: list[Item] = [*find_quantities(scene.text, growths), *growths]
    return _Reader(scene, names, sorted(items, key=lambda item: item.start)).read()


class _Reader:
    """Walks over the quantities of one sentence from left to right."""

    def __init__(self, scene: Scene, names: frozenset[str], items: list[Item]) -> None:
        self.scene = scene
        self.text = scene.text
        self.names = names
        self.items = items
        self.found: list[Statement] = []
        self.used = 0  # everything left of it is spoken for

    def read(self) -> list[Statement]:
        at = 0
        while at < len(self.items):
            at += self._group(at)
        return self.found

    def _group(self, at: int) -> int:
        """Reads the item at `at`, or the list (分别A、B) that begins there; returns how many items that took."""
        run = self._run(at)
        if len(run) > 1 and self._paired(at, run):
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
            if type(item) is not type(run[0]) or not re.fullmatch(
                r"\s*(?:、|和|及|与|,|以及|,和)?(?:约|近|超|超过|突破)?\s*", between
            ):
                break
            run.append(item)
        return run

    def _paired(self, at: int, run: list[Item]) -> bool:
        return bool(re.search("分别|依次", self.text[self._left(at) : run[0].start])) or any(
            isinstance(item, Growth) and (not item.head or "分别" in self.text[item.start : item.end])
            for item in run
        )

    def _left(self, at: int) -> int:
        """Where the field of item `at` begins: behind the last item or comma."""
        start = self.items[at].start
        comma = max(self.text.rfind(mark, 0, start) for mark in ",;:。!?")
        opened = self.text.rfind("(", 0, start)
        if opened > comma and self.text.find(")", opened) > start:
            comma = opened
        return max(self.used, comma + 1)

    def _pair(self, at: int, run: list[Item]) -> None:
        """分别: the items of the run in order, each with its own head."""
        head = indicators.before(self.scene, self._left(at), run[0].start, self.names)
        if head is None and self._pair_with_last(run):
            return
        head = head or self._elided(self._left(at))
        if head is None:
            return
        heads = indicators.items_of_list(self.text, head)
        heads = heads if len(heads) == len(run) else [head] * len(run)
        for one, item in zip(heads, run, strict=True):
            self._add(one, item)

    def _pair_with_last(self, run: list[Item]) -> bool:
        """分别提高5.3个和4.1个百分点, behind as many statements: one each."""
        last = self.found[-len(run) :]
        if len(last) < len(run):
            return False
        if isinstance(run[0], Growth) and all(one.growth is None for one in last):
            self.found[-len(run) :] = [
                replace(one, growth=item)
                for one, item in zip(last, run, strict=True)
                if isinstance(item, Growth)
            ]
        else:
            for one, item in zip(last, run, strict=True):
                self._add(one.indicator, item)
        return True

    def _add(self, head: Offsets, item: Item) -> None:
        quantity, growth = (None, item) if isinstance(item, Growth) else (item, None)
        self.found.append(Statement(head, quantity, growth))

    def _single(self, at: int) -> None:
        item = self.items[at]
        left = self._left(at)
        if isinstance(item, Growth):
            self._growth(left, item)
        else:
            self._quantity(at, left, item)

    def _growth(self, left: int, growth: Growth) -> None:
        head = indicators.before(self.scene, left, growth.start, self.names)
        if head is None and self._joins_last(growth):
            self.found[-1] = replace(self.found[-1], growth=growth)
            return
        head = head or self._elided(left)
        if head is not None:
            for one in self._shared(head, left, growth.start) or self._measured_items(head):
                self._add(one, growth)

    def _joins_last(self, growth: Growth) -> bool:
        """A rate right behind a value belongs to its record; a second one is a record of its own."""
        if not self.found or self.found[-1].growth or not self.found[-1].quantity:
            return False
        return ";" not in self.text[self.found[-1].end : growth.start]

    def _shared(self, head: Offsets, left: int, end: int) -> list[Offsets]:
        """Each item of a list that shares a quantity (均, 双双, 各)."""
        if re.search(r"(?:均(?![衡价等])|双双|各(?![类项级地种])|(?<![成首古])都(?!市))[^,、]{0,8}$", self.text[left:end]):
            return indicators.items_of_list(self.text, head)
        return []

    def _measured_items(self, head: Offsets) -> list[Offsets]:
        items = indicators.items_of_list(self.text, head)
        return items if all(indicators.is_measured(self.text[start:end]) for start, end in items) else [head]

    def _rates(self, head: Offsets, quantity: Quantity) -> list[Offsets]:
        """巡查率、处置率|100%: rates that share a number."""
        items = indicators.items_of_list(self.text, head) if quantity.sort is Sort.PERCENT else []
        return items if all(self.text[end - 1] == "率" for _, end in items) else []

    def _quantity(self, at: int, left: int, quantity: Quantity) -> None:
        back = self._back(at, quantity) or self._back_of_next(at)
        front = indicators.before(self.scene, left, quantity.start, self.names)
        if front and self._elides(front, quantity):
            front = None
        if back and (
            front is None or quantity.sort not in (Sort.MONEY, Sort.PERCENT) or self._only_verb(front, back)
        ):
            self.used = max(self.used, back[1]) if back[0] < self._next_start(at) else self.used
            self._add(back, quantity)
            return
        if front is None and self._completes_last(left, quantity):
            self.found[-1] = replace(self.found[-1], quantity=quantity)
            return
        head = front or self._elided(left)
        if head is not None:
            for one in self._shared(head, left, quantity.start) or self._rates(head, quantity) or [head]:
                self._add(one, quantity)

    def _back(self, at: int, quantity: Quantity) -> Offsets | None:
        """The noun behind the quantity; a measured noun before the next number belongs to that."""
        if not indicators.stands_behind(self.scene, quantity.end):
            return None
        stop = re.compile(r"[,;:。!?、]").search(self.text, quantity.end)
        limit = stop.start() if stop else len(self.text)
        if at + 1 < len(self.items) and self.items[at + 1].start < limit:
            limit = self._before_next(quantity.end, self.items[at + 1].start)
        if self._times(quantity) and re.match("获|入选|荣获|夺得|登上|亮相", self.text[quantity.end :]):
            return indicators.clause(self.scene, quantity.end, limit)
        return indicators.behind(self.scene, quantity.end, limit, self.names)

    def _next_start(self, at: int) -> int:
        return self.items[at + 1].start if at + 1 < len(self.items) else len(self.text)

    def _back_of_next(self, at: int) -> Offsets | None:
        """2000人次、1.1万小时|志愿服务: quantities side by side share the noun behind the last."""
        if at + 1 >= len(self.items):
            return None
        quantity, following = self.items[at], self.items[at + 1]
        if isinstance(quantity, Growth) or isinstance(following, Growth):
            return None
        if not re.fullmatch("[、和]?共?", self.text[quantity.end : following.start]):
            return None
        if quantity.sort is Sort.PERCENT or quantity.sort is following.sort is Sort.MONEY:
            return None
        return self._back(at + 1, following) or self._back_of_next(at + 1)

    def _times(self, quantity: Quantity) -> bool:
        return quantity.unit is not None and self.text[quantity.unit[0] : quantity.unit[1]] == "次"

    def _before_next(self, start: int, end: int) -> int:
        """盟市|固定资产投资|增速超过20%: cuts off the measured noun of the number that follows."""
        words = self.scene.words_in(start, end)
        for at in range(len(words) - 1, 0, -1):
            if indicators.is_measured(words[at].text):
                return (
                    words[at - 1].start
                    if words[at - 1].text in ("固定资产", "地区", "生产", "工业") and at > 1
                    else words[at].start
                )
        joint = max((word.start for word in words if word.text in ("和", "与", "及")), default=end)
        return joint if end - joint <= 5 else end

    def _only_verb(self, front: Offsets, back: Offsets) -> bool:
        """设置|10万元|慈善信托基金: the verb says nothing of what is measured."""
        verb = self.scene.words_in(*front)[-1].text
        return verb in phrases().openers | phrases().causal and not re.match(
            "支持|用于|帮助|补助|补贴", self.text[back[0] :]
        )

    def _elides(self, front: Offsets, quantity: Quantity) -> bool:
        """建成2个 behind 启动6个综合体: same unit, and a verb of progress alone."""
        if (
            not self.found
            or self.found[-1].quantity is None
            or self.text[front[0] : front[1]] not in phrases().progress
        ):
            return False
        last = self.found[-1].quantity.unit
        return (
            last is not None
            and quantity.unit is not None
            and self.text[last[0] : last[1]].lstrip("万亿")
            == self.text[quantity.unit[0] : quantity.unit[1]].lstrip("万亿")
        )

    def _completes_last(self, left: int, quantity: Quantity) -> bool:
        """工业投资年均增长8.1%,2025年突破2250亿元: the value of the growth just read."""
        return (
            bool(self.found)
            and self.found[-1].quantity is None
            and quantity.sort is Sort.MONEY
            and self.found[-1].end >= left - 1
        )

    def _elided(self, left: int) -> Offsets | None:
        """No noun in its own clause: the subject of the clause before, or the noun of the last statement."""
        clause = re.search(r"[^,;:。、]+[,:、]\s*$", self.text[:left])
        if self.found and (clause is None or self.found[-1].end > clause.start()):
            return self.found[-1].indicator
        if clause is None:
            return None
        return indicators.subject(self.scene, clause.start(), left)
