"""The time expressions of a scene; the grammar is `zhibiao.assemble.times`, which the tagger shares."""

from __future__ import annotations

from collections.abc import Iterator

from zhibiao.assemble import times
from zhibiao.rules.scene import Scene
from zhibiao.schema import Offsets


def find_times(scene: Scene) -> Iterator[Offsets]:
    """Time expressions that may date a quantity, in order."""
    return times.find_times(scene.text, _growths(scene))


def find_deadline(scene: Scene) -> Offsets | None:
    """The deadline of a target that stands behind its quantities, or None."""
    return times.find_deadline(scene.text, _growths(scene))


def _growths(scene: Scene) -> list[Offsets]:
    return [(growth.start, growth.end) for growth in scene.growths]
