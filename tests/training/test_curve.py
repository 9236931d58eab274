"""The learning curve: nested sets, both arms, nothing trained twice, mistakes told before training."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from training.config import TrainConfig, config_from_mapping
from training.curve import curve_folder, learning_curve
from training.curve_file import read_curve
from training.learning import read_lessons
from training.report.contents import Line, LinePlot
from training.report.line_plot import standalone
from zhibiao.cli.curve import counts_of
from zhibiao.errors import ConfigError

if TYPE_CHECKING:
    from tests.conftest import Lessons


def config_of(lessons: Lessons, output: Path, **data: Any) -> TrainConfig:
    held = {"dev": [], "hold_out": [lessons.districts[0]], **data}
    told = lessons.config(output, data=held, schedule={"tokens": 512, "epochs": 1, "silver_epochs": 1})
    return config_from_mapping(told, "test")


@pytest.mark.slow
def test_a_larger_set_holds_the_smaller_one(lessons: Lessons, tmp_path: Path) -> None:
    def ids(count: int, seed: int) -> list[str]:
        data = config_of(lessons, tmp_path / "m", reports=count).data
        return [one.document.id for one in read_lessons(data, seed).train]

    assert [ids(count, 7) for count in (1, 2, 3)] == [ids(3, 7)[:count] for count in (1, 2, 3)]
    assert sorted(ids(3, 7)) == sorted(ids(0, 7))
    assert len({tuple(ids(3, seed)) for seed in range(8)}) > 1
    with pytest.raises(ConfigError, match=r"data.reports is 4, but only 3 are there"):
        ids(4, 7)


@pytest.mark.slow
def test_every_point_of_both_arms_is_trained_once_and_scored_on_the_same_reports(
    lessons: Lessons, tmp_path: Path
) -> None:
    from training.run import train

    silver = tmp_path / "silver.jsonl"
    silver.write_bytes(lessons.gold.read_bytes())
    config = config_of(lessons, tmp_path / "model", silver=str(silver))
    ran: list[TrainConfig] = []

    def run(one: TrainConfig) -> None:
        ran.append(one)
        train(one)

    points = learning_curve(config, [2, 1], run)
    assert [(point.reports, point.silver) for point in points] == [
        (1, False),
        (2, False),
        (1, True),
        (2, True),
    ]
    # One model of silver serves both of its points.
    assert [(one.schedule.epochs == 0, one.data.reports) for one in ran] == [
        (False, 1),
        (False, 2),
        (True, 0),
        (False, 1),
        (False, 2),
    ]
    assert all(one.data.silver is None for one in ran if one.schedule.epochs)
    assert {one.encoder.start for one in ran[3:]} == {ran[2].run.output}
    assert points[0].epochs > points[1].epochs >= 1
    for point in points:
        assert 0 <= point.strict_interval[0] <= point.strict_interval[1] <= 1

    folder = curve_folder(config)
    told = json.loads((folder / "curve.json").read_text("utf-8"))
    held = read_lessons(config.data, config.run.seed).held
    assert told["scored_on"] == [one.document.id for one in held]
    read = read_curve(folder / "curve.json")
    assert (list(read.points), read.held_out) == (points, True)
    assert read.arm(silver=True) == tuple(points[2:])
    assert [(one["reports"], one["silver"]) for one in told["points"]] == [
        (1, False),
        (2, False),
        (1, True),
        (2, True),
    ]
    assert ElementTree.parse(folder / "curve.svg").getroot().tag.endswith("svg")
    assert [one.name for one in folder.iterdir() if one.is_dir() and not one.name.startswith("silver")] == []

    def never(one: TrainConfig) -> None:
        raise AssertionError(f"{one.run.output} was trained twice")

    assert learning_curve(config, [1, 2], never) == points


@pytest.mark.slow
@pytest.mark.parametrize(
    ("counts", "data", "finding"),
    [
        ([1, 9], {}, "leaves 3 reports to learn from"),
        ([0], {}, "name counts from 1"),
        ([], {}, "name counts from 1"),
        ([1], {"hold_out": []}, "neither data.hold_out nor data.dev"),
    ],
)
def test_mistakes_are_told_before_anything_is_trained(
    counts: list[int], data: dict[str, Any], finding: str, lessons: Lessons, tmp_path: Path
) -> None:
    def never(one: TrainConfig) -> None:
        raise AssertionError("trained all the same")

    with pytest.raises(ConfigError, match=finding):
        learning_curve(config_of(lessons, tmp_path / "model", **data), counts, never)


def test_counts_are_numbers() -> None:
    assert counts_of("1,2,25") == [1, 2, 25]
    with pytest.raises(ConfigError, match="--curve 1;2"):
        counts_of("1;2")


def test_the_plot_places_more_reports_to_the_right_and_better_ones_higher() -> None:
    lines = (Line("甲 & 乙", ((1, 0.25, 0.2, 0.3), (5, 0.5, 0.4, 0.6), (25, 0.75, 0.7, 0.8))),)
    root = ElementTree.fromstring(standalone(LinePlot("F1", "报告", lines)))
    # The first is the key's.
    dots = [one for one in root.iter() if one.tag.endswith("circle")][1:]
    across, down = ([float(dot.attrib[name]) for dot in dots] for name in ("cx", "cy"))
    assert across[1] - across[0] == pytest.approx(across[2] - across[1], abs=0.02)
    assert across == sorted(across)
    assert down == sorted(down, reverse=True)
    assert any(one.text == "甲 & 乙" for one in root.iter())
