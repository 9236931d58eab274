"""What a run inherits from the model that it starts from: what that one has seen, this one has seen too."""

from __future__ import annotations

from collections.abc import Sequence

from training.config import TrainConfig
from training.provenance import HoldOut, Provenance, read_provenance, refuse_seen
from training.publishing import TOLD
from zhibiao.errors import ConfigError
from zhibiao.schema import GoldReport

__all__ = ["inherited", "joined"]


def inherited(config: TrainConfig, held: Sequence[GoldReport]) -> Provenance:
    """What the model at `encoder.start` was trained on; ConfigError where that holds something held out.

    `held` are the reports of `data.hold_out`.
    """
    start = config.encoder.start
    if start is None:
        return Provenance(())
    if not (start / TOLD).is_file():
        raise ConfigError(
            f"encoder.start: {start} has no {TOLD}, so nobody knows what it has seen; start from a "
            "model that `zhibiao train` has published"
        )
    known = read_provenance(start)
    if config.data.group != "id":
        for name in config.data.hold_out:
            refuse_seen(known, _of(held, config.data.group, name), HoldOut(config.data.group, name))
    return known


def _of(reports: Sequence[GoldReport], field: str, name: str) -> list[GoldReport]:
    return [report for report in reports if getattr(report.document.metadata, field) == name]


def joined(own: Provenance, earlier: Provenance) -> Provenance:
    """Both together; a report that both have seen stands once."""
    known = {report.sha256 for report in own.gold}
    gold = (*own.gold, *(report for report in earlier.gold if report.sha256 not in known))
    return Provenance(gold, (*own.silver, *earlier.silver))
