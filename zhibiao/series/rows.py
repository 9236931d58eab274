"""Time series by catalogue code: one row for each place, indicator, period and kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zhibiao.schema import Kind, Measure, Record
from zhibiao.series.choosing import Choice, choose_growth, choose_value
from zhibiao.series.places import Place, RecordFiles
from zhibiao.series.statements import Spell, Statement, statements
from zhibiao.series.wording import Caveat

__all__ = ["LeftOut", "Row", "Series"]

_NEVER = frozenset({Caveat.LISTED, Caveat.SHORT, Caveat.START, Caveat.COMING})
"""What is no figure of the indicator in its year, whatever else is stated."""


class LeftOut(Counter[str]):
    """Why records are in no series, and how many: `no_code no_year change range caveat`."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one indicator of one place in one period, as reached or as planned."""

    place: Place
    code: str
    spell: Spell
    kind: Kind
    value: Choice | None
    growth: Choice | None

    @property
    def conflicts(self) -> int:
        """How many statements contradict what is shown."""
        return sum(len(choice.conflicting) for choice in (self.value, self.growth) if choice)

    @property
    def record(self) -> Record:
        """The record that the row is named after."""
        return next(choice.chosen.record for choice in (self.value, self.growth) if choice)


@dataclass(slots=True)
class Series:
    """Goes through the places one by one; `left_out` is complete when it is through."""

    files: RecordFiles
    left_out: LeftOut = field(default_factory=LeftOut)

    def __iter__(self) -> Iterator[Row]:
        for group in self.files:
            found = list(statements(group.records))
            coded = [each for each in found if each.record.indicator_code is not None]
            self.left_out["no_code"] += sum(record.indicator_code is None for record in group.records)
            with_code = sum(record.indicator_code is not None for record in group.records)
            self.left_out["no_year"] += with_code - len(coded)
            yield from self._rows(group.place, coded)

    def _rows(self, place: Place, found: Iterable[Statement]) -> Iterator[Row]:
        usable = [each for each in found if self._is_usable(each)]
        units = _usual_units(usable)
        groups: dict[tuple[str, Spell, Kind], list[Statement]] = {}
        for each in usable:
            groups.setdefault((each.code, each.spell, each.record.kind), []).append(each)
        for (code, spell, kind), members in sorted(groups.items()):
            yield _row(place, (code, spell, kind), members, units)

    def _is_usable(self, statement: Statement) -> bool:
        if statement.record.measure in (Measure.CHANGE, Measure.RATIO):
            self.left_out["change"] += 1
            return False
        if statement.record.value_base is None and statement.growth is None:
            self.left_out["range"] += 1
            return False
        if statement.caveats & _NEVER:
            self.left_out["caveat"] += 1
            return False
        return True


def _row(
    place: Place,
    key: tuple[str, Spell, Kind],
    members: Sequence[Statement],
    units: Mapping[str, str | None],
) -> Row:
    code, spell, kind = key
    return Row(place, code, spell, kind, choose_value(members, units.get(code)), choose_growth(members))


def _usual_units(found: Iterable[Statement]) -> dict[str, str | None]:
    """The base unit that most values of an indicator are in; of as many, the first."""
    counts: dict[str, Counter[str | None]] = {}
    for each in found:
        if each.record.value_base is not None:
            counts.setdefault(each.code, Counter())[each.record.unit_base] += 1
    return {code: units.most_common(1)[0][0] for code, units in counts.items()}
