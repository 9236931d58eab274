"""The learning curve: what 1, 2, 5, ... annotated reports are worth, with silver and without.

Every point is a run of its own by the same config on the first so many reports of one seeded order, so each
set holds the smaller ones; all points are scored on the same held-out reports. A point that is done is kept
in a file and not trained again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from math import ceil
from pathlib import Path

from training.config import TrainConfig
from training.curve_file import LearningCurve, Point, point_from_json, write_curve
from training.evaluate import evaluate
from training.learning import checksums, read_lessons
from training.report.contents import Line, LinePlot
from training.report.line_plot import standalone
from zhibiao.errors import ConfigError
from zhibiao.files import whole_file
from zhibiao.schema import GoldReport
from zhibiao.tagger.loading import ModelFactory
from zhibiao.tagger.settings import is_model, read_settings, weights_name

__all__ = ["curve_folder", "learning_curve"]

FEWEST_STEPS = 100
"""A point of few reports goes round more often, so that it is not the number of steps that is measured."""

MOST_EPOCHS = 60

Run = Callable[[TrainConfig], object]
"""Trains by a config: `training.run.train`, shown by whoever calls."""


def curve_folder(config: TrainConfig) -> Path:
    """Where the curve of a config is written."""
    return config.run.output.with_name(config.run.output.name + ".curve")


def learning_curve(config: TrainConfig, counts: Sequence[int], run: Run) -> list[Point]:
    """Trains and scores every point; writes `curve.json` and `curve.svg` after each of them."""
    scored, held_out = _scored(config, counts)
    ids = tuple(one.document.id for one in scored)
    points: list[Point] = []
    for silver, started in _arms(config, run):
        for count in sorted(set(counts)):
            points.append(_point(_of_count(started, count, silver=silver), scored, run, silver=silver))
            _write(curve_folder(config), LearningCurve(tuple(points), ids, held_out))
    return points


def _scored(config: TrainConfig, counts: Sequence[int]) -> tuple[tuple[GoldReport, ...], bool]:
    """The reports to score on, and whether they are held out, not dev.

    ConfigError, before anything is trained, where the curve cannot be drawn.
    """
    if config.data.format != "gold":
        raise ConfigError("--curve: only for records, that is data.format gold")
    lessons = read_lessons(replace(config.data, silver=None, reports=0), config.run.seed)
    if not counts or min(counts) < 1 or max(counts) > len(lessons.train):
        raise ConfigError(
            f"--curve {','.join(map(str, counts))}: the config leaves {len(lessons.train)} reports to learn "
            "from; name counts from 1 to that, such as 1,2,5"
        )
    scored = lessons.held or lessons.dev
    if not scored:
        raise ConfigError("--curve: the config names neither data.hold_out nor data.dev to score on")
    return scored, bool(lessons.held)


def _arms(config: TrainConfig, run: Run) -> Iterator[tuple[bool, TrainConfig]]:
    """Without silver; and with it, from `encoder.start` or from a model of silver alone."""
    bare = replace(
        config, data=replace(config.data, silver=None), encoder=replace(config.encoder, start=None)
    )
    yield False, bare
    start = config.encoder.start
    if start is None and config.data.silver is not None and config.schedule.silver_epochs:
        start = _silver_model(config, run)
    if start is not None:
        yield True, replace(bare, encoder=replace(config.encoder, start=start))


def _silver_model(config: TrainConfig, run: Run) -> Path:
    """One model of the silver serves every point."""
    alone = _placed(replace(config, schedule=replace(config.schedule, epochs=0, patience=0)), "silver")
    if not is_model(alone.run.output):
        run(alone)
    return alone.run.output


def _placed(config: TrainConfig, name: str) -> TrainConfig:
    """The same, to be written to a folder whose name says all that decides the weights."""
    output = curve_folder(config) / f"{name}-{_key(config)}"
    return replace(config, run=replace(config.run, output=output))


def _of_count(config: TrainConfig, count: int, *, silver: bool) -> TrainConfig:
    data = replace(config.data, reports=count)
    lessons = read_lessons(data, config.run.seed)
    batches = max(1, sum(len(one.document.text) for one in lessons.train) // config.schedule.tokens)
    epochs = max(config.schedule.epochs, min(MOST_EPOCHS, ceil(FEWEST_STEPS / batches)))
    config = replace(config, data=data, schedule=replace(config.schedule, epochs=epochs))
    return _placed(config, f"{count}-{'silver' if silver else 'gold'}")


def _point(config: TrainConfig, scored: Sequence[GoldReport], run: Run, *, silver: bool) -> Point:
    output = config.run.output
    mark = output.with_name(f"{output.name}.json")
    if mark.exists():
        return point_from_json(json.loads(mark.read_text("utf-8")))
    run(config)
    whole = evaluate(scored, ModelFactory(output)()).whole()
    learned = read_lessons(config.data, config.run.seed).train
    strict, relaxed = whole.records.strict_interval, whole.records.relaxed_interval
    point = Point(
        reports=len(learned),
        records=sum(len(one.records) for one in learned),
        silver=silver,
        epochs=config.schedule.epochs,
        strict=whole.records.strict.f1,
        relaxed=whole.records.relaxed.f1,
        strict_interval=(strict.low, strict.high),
        relaxed_interval=(relaxed.low, relaxed.high),
    )
    with whole_file(mark) as partial:
        partial.write_text(json.dumps(asdict(point), indent=1) + "\n", "utf-8")
    # A model of every point, with its state, would fill gigabytes.
    for folder in (output, output.with_name(f"{output.name}.run")):
        shutil.rmtree(folder, ignore_errors=True)
    return point


def _key(config: TrainConfig) -> str:
    told = config.to_json()
    told["run"].pop("output")
    content = json.dumps([told, checksums(config.data), _start(config)], sort_keys=True)
    return sha256(content.encode()).hexdigest()[:12]


def _start(config: TrainConfig) -> str:
    """The weights that a run starts from may be other ones tomorrow."""
    start = config.encoder.start
    return weights_name(start, read_settings(start)) if start else ""


def _write(folder: Path, curve: LearningCurve) -> None:
    write_curve(folder / "curve.json", curve)
    lines = [
        Line(name, tuple((one.reports, one.strict, *one.strict_interval) for one in curve.arm(silver=silver)))
        for name, silver in (("gold", False), ("silver + gold", True))
    ]
    plot = LinePlot("strict record F1", "reports", tuple(line for line in lines if line.points))
    with whole_file(folder / "curve.svg") as partial:
        partial.write_text(standalone(plot), "utf-8")
