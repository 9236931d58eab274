"""`curve.json`: the points of a learning curve, and what they were scored on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhibiao.errors import DataError
from zhibiao.files import whole_file

__all__ = ["LearningCurve", "Point", "point_from_json", "read_curve", "write_curve"]

INTERVALS = ("strict_interval", "relaxed_interval")


@dataclass(frozen=True, slots=True)
class Point:
    """`silver`: began from silver. F1 of the records on the held-out reports, with 95 % intervals."""

    reports: int
    records: int
    silver: bool
    epochs: int
    strict: float
    relaxed: float
    strict_interval: tuple[float, float]
    relaxed_interval: tuple[float, float]

    def __post_init__(self) -> None:
        """ValueError for what no run can have measured."""
        if not all(isinstance(one, int) and one >= 1 for one in (self.reports, self.epochs)):
            raise ValueError(f"reports {self.reports!r}, epochs {self.epochs!r}: not numbers from 1 up")
        if not isinstance(self.records, int) or not isinstance(self.silver, bool):
            raise ValueError(
                f"records {self.records!r}, silver {self.silver!r}: not a number, not true or false"
            )
        for name in ("strict", "relaxed"):
            low, high = getattr(self, f"{name}_interval")
            if not (0 <= getattr(self, name) <= 1 and 0 <= low <= high <= 1):
                raise ValueError(
                    f"{name} {getattr(self, name)!r}, {low!r} to {high!r}: not all between 0 and 1"
                )


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """`scored_on` are ids of reports; `held_out` says that training never looked at them, None is unknown."""

    points: tuple[Point, ...]
    scored_on: tuple[str, ...]
    held_out: bool | None = None
    source: str = ""

    def arm(self, *, silver: bool) -> tuple[Point, ...]:
        """The points that began from silver, or those that did not, by their reports."""
        own = (point for point in self.points if point.silver is silver)
        return tuple(sorted(own, key=lambda point: point.reports))

    def to_json(self) -> dict[str, object]:
        """What the file holds."""
        return {
            "scored_on": list(self.scored_on),
            "held_out": self.held_out,
            "points": [asdict(point) for point in self.points],
        }


def write_curve(path: Path, curve: LearningCurve) -> None:
    """Whole or not at all."""
    with whole_file(path) as partial:
        partial.write_text(json.dumps(curve.to_json(), ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_curve(path: Path) -> LearningCurve:
    """The curve of a file; DataError where it holds none."""
    remedy = "give the curve.json that `zhibiao train CONFIG.toml --curve 1,2,5` wrote into OUTPUT.curve"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read ({error}); {remedy}") from error
    if not isinstance(told, dict) or not isinstance(told.get("points"), list) or not told["points"]:
        raise DataError(f"{path}: holds no points of a learning curve; {remedy}")
    scored, held = told.get("scored_on"), told.get("held_out")
    if not isinstance(scored, list) or not all(isinstance(id, str) for id in scored) or not scored:
        raise DataError(f"{path}: scored_on names no reports; {remedy}")
    if held not in (True, False, None):
        raise DataError(f"{path}: held_out is {held!r}, not true or false; {remedy}")
    points = _points(told["points"], str(path), remedy)
    return LearningCurve(points, tuple(scored), held, str(path))


def _points(told: Sequence[Any], source: str, remedy: str) -> tuple[Point, ...]:
    points: list[Point] = []
    for number, one in enumerate(told, start=1):
        try:
            points.append(point_from_json(one))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{source}: point {number} cannot be used ({error}); {remedy}") from error
    if len({(point.reports, point.silver) for point in points}) < len(points):
        raise DataError(f"{source}: has two points of as many reports; {remedy}")
    return tuple(points)


def point_from_json(told: Mapping[str, Any]) -> Point:
    """KeyError, TypeError or ValueError for what is no point."""
    return Point(**{**told, **{name: tuple(told[name]) for name in INTERVALS}})
