"""Is one system better than another? Paired bootstrap over the same reports, and over their districts.

    comparison = compare(evaluate(gold, rules), evaluate(gold, model))
    print(comparison.over_reports["strict"].delta, comparison.over_reports["strict"].p_value)

Whole reports are drawn anew, with replacement, the same ones for both systems; the difference in F1 is taken
each time. Reports of one district share authors and phrases, so districts are drawn too: that interval is
the one to believe of a district nobody has seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.evaluate import Evaluation
from training.tallies import Tallies, Tally, tally
from zhibiao.errors import DataError
from zhibiao.scoring import Interval
from zhibiao.scoring.bootstrap import SEED, Floats, Integers, count_rows, draws, f1_of, percentiles

__all__ = ["Comparison", "Difference", "compare", "compare_tallies"]

SAMPLES = 5000
"""Twenty samples beyond the edge at p = 0.004."""

FEW = 5
"""Of fewer units no resampling can say much; the Comparison says so."""


@dataclass(frozen=True, slots=True)
class Difference:
    """F1 of one measure by the old and the new system, with the 95 % interval of new minus old.

    `p_value` is two-sided: how often resampling turns the difference round, or makes it nothing.
    """

    old: float
    new: float
    interval: Interval
    p_value: float

    @property
    def delta(self) -> float:
        """New minus old."""
        return self.new - self.old

    @property
    def significant(self) -> bool:
        """At 5 %, without correction for the number of measures looked at."""
        return self.p_value < 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems by measure: `strict`, `relaxed`, `slot year`, `span VALUE`, ..."""

    old: str
    new: str
    reports: int
    groups: int
    over_reports: Mapping[str, Difference]
    over_groups: Mapping[str, Difference]

    @property
    def few_groups(self) -> bool:
        """Whether there are too few districts for a verdict over districts."""
        return self.groups < FEW


def compare(old: Evaluation, new: Evaluation, *, samples: int = SAMPLES, seed: int = SEED) -> Comparison:
    """Two evaluations of the same reports, measure by measure."""
    return compare_tallies(tally(old), tally(new), samples=samples, seed=seed)


def compare_tallies(old: Tallies, new: Tallies, *, samples: int = SAMPLES, seed: int = SEED) -> Comparison:
    """The same, from counts that were kept."""
    pairs = _matched(old, new)
    measures = [measure for measure in old.measures if measure in new.measures]
    groups = _by_group(pairs)
    report_weights = draws(len(pairs), samples=samples, seed=seed)
    group_weights = draws(len(groups), samples=samples, seed=seed)
    over_reports, over_groups = {}, {}
    for measure in measures:
        rows = [count_rows([side.counts[measure] for side in column]) for column in zip(*pairs, strict=True)]
        summed = [np.stack([row[members].sum(axis=0) for members in groups.values()]) for row in rows]
        over_reports[measure] = _difference(rows, report_weights)
        over_groups[measure] = _difference(summed, group_weights)
    return Comparison(old.name, new.name, len(pairs), len(groups), over_reports, over_groups)


def _difference(rows: Sequence[Integers], weights: Integers) -> Difference:
    """`rows`: units by counts, of the old and the new system."""
    old, new = (f1_of(row.sum(axis=0)) for row in rows)
    drawn = f1_of(weights @ rows[1]) - f1_of(weights @ rows[0])
    return Difference(float(old), float(new), percentiles(drawn), _p_value(drawn))


def _p_value(drawn: Floats) -> float:
    """Twice the smaller tail; the sample at hand counts as one more draw, so that p is never 0."""
    tail = min(np.count_nonzero(drawn <= 0), np.count_nonzero(drawn >= 0))
    return min(1.0, 2 * (1 + int(tail)) / (1 + len(drawn)))


def _matched(old: Tallies, new: Tallies) -> list[tuple[Tally, Tally]]:
    """Both tallies of each report; different reports, or different gold, cannot be compared."""
    others = {report.report_id: report for report in new.reports}
    own = {report.report_id for report in old.reports}
    if odd := sorted(own ^ set(others)):
        raise DataError(
            f"{old.name} and {new.name} were not scored on the same reports: {', '.join(odd[:5])}"
            f"{' ...' if len(odd) > 5 else ''} stands in one of them only; evaluate both on the same --data"
        )
    if not own:
        raise DataError("nothing to compare: the evaluations hold no report")
    pairs = [(report, others[report.report_id]) for report in old.reports]
    for before, after in pairs:
        _refuse_other_gold(before, after)
    return pairs


def _refuse_other_gold(before: Tally, after: Tally) -> None:
    for measure, counts in before.counts.items():
        other = after.counts.get(measure, counts)
        if counts.gold != other.gold:
            raise DataError(
                f"the gold of {before.report_id} has changed between the evaluations ({measure}: "
                f"{counts.gold} against {other.gold}); evaluate both on the same --data"
            )


def _by_group(pairs: Sequence[tuple[Tally, Tally]]) -> dict[str, list[int]]:
    """The places of the reports of each group."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place, (before, _) in enumerate(pairs):
        groups[before.group].append(place)
    return groups
