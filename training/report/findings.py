"""All that a report says of an evaluation, worked out once for the page, the Markdown and the JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from training.calibration import Calibration, calibrate
from training.causes import CauseCount, Confusion, Error, confusions, count_causes, errors_of
from training.curve_file import LearningCurve
from training.evaluate import Evaluation, Part
from training.slices import SliceScore, score_slices
from training.tallies import Tallies, tally
from zhibiao.scoring import Counts, Interval, RecordScores
from zhibiao.scoring.bootstrap import bootstrap_f1

__all__ = ["CONFIDENT", "MEASURES", "Findings", "Note", "Run", "counts_of"]

MEASURES = ("strict", "relaxed", "normalised")

CONFIDENT = 0.9
"""A wrong record of so much confidence may well be an error of the gold."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader must know before believing the figures: `key` of `words.toml`, and what fills it in."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """How the evaluation came about, so that it can be made again.

    `seen` says what is known of the data's having been trained on or read; `data` are checksums by file.
    """

    command: str
    versions: Mapping[str, str]
    data: Mapping[str, str]
    config: Mapping[str, object] = field(default_factory=dict)
    seen: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Findings:
    """An evaluation with all that is read off it.

    `linking` are evaluations on the gold spans: of the `rules` of assembly, and of the `model`'s own links.
    `curve` is the learning curve of a config, where one was given.
    """

    evaluation: Evaluation
    run: Run
    group_by: str = "district"
    linking: Mapping[str, Evaluation] = field(default_factory=dict)
    curve: LearningCurve | None = None

    @cached_property
    def whole(self) -> Part:
        """All reports together."""
        return self.evaluation.whole()

    @cached_property
    def groups(self) -> list[Part]:
        """The reports of each district (or what they are grouped by) together."""
        return self.evaluation.by_field(self.group_by)

    @cached_property
    def slices(self) -> list[SliceScore]:
        """The named slices."""
        return score_slices(self.evaluation)

    @cached_property
    def errors(self) -> list[Error]:
        """Every wrong record."""
        return errors_of(self.evaluation)

    @cached_property
    def causes(self) -> list[CauseCount]:
        """How many of them each cause explains."""
        return count_causes(self.errors)

    @cached_property
    def confusions(self) -> list[Confusion]:
        """Mistakes made more than once with the same indicator."""
        return confusions(self.errors)

    @cached_property
    def calibration(self) -> Calibration | None:
        """Whether confidences mean what they say; None where there are none."""
        return calibrate(self.evaluation)

    @cached_property
    def suspects(self) -> list[Error]:
        """Where the predictor is sure and the gold says otherwise, the surest first."""
        sure = [error for error in self.errors if (error.confidence or 0) >= CONFIDENT]
        return sorted(sure, key=lambda error: -(error.confidence or 0))

    @cached_property
    def tallies(self) -> Tallies:
        """What another evaluation is compared by."""
        return tally(self.evaluation)

    @cached_property
    def seconds(self) -> float:
        """From reports to records, all together."""
        return sum(report.seconds for report in self.evaluation.reports)

    @cached_property
    def characters(self) -> int:
        """The length of all texts."""
        return sum(len(report.document.text) for report in self.evaluation.reports)

    @cached_property
    def unread(self) -> int:
        """Characters that no sentence holds; must be 0."""
        return sum(report.unread for report in self.evaluation.reports)

    def over_reports(self, measure: str) -> Interval:
        """The interval of F1 when reports are drawn."""
        return bootstrap_f1([counts_of(one.records, measure) for one in self.evaluation.by_report()])

    def over_groups(self, measure: str) -> Interval:
        """The interval of F1 when whole districts are drawn."""
        return bootstrap_f1([counts_of(one.records, measure) for one in self.groups])


def counts_of(records: RecordScores, measure: str) -> Counts:
    """`strict`, `relaxed` or `normalised`."""
    return {"strict": records.strict, "relaxed": records.relaxed, "normalised": records.normalised}[measure]
