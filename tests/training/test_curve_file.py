"""`curve.json`: what was written is read again, and what is no curve is refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from training.curve_file import LearningCurve, Point, read_curve, write_curve
from zhibiao.errors import DataError


def point(reports: int, *, silver: bool) -> Point:
    return Point(reports, 90 * reports, silver, 8, 0.5, 0.625, (0.4, 0.6), (0.5, 0.75))


CURVE = LearningCurve(
    (point(2, silver=False), point(1, silver=False), point(1, silver=True)), ("甲", "b"), True
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "curve.json"
    write_curve(path, CURVE)
    read = read_curve(path)
    assert (read.points, read.scored_on, read.held_out) == (CURVE.points, ("甲", "b"), True)
    assert read.source == str(path)
    assert [one.reports for one in read.arm(silver=False)] == [1, 2]
    assert read.arm(silver=True) == (CURVE.points[2],)


def test_a_file_that_does_not_say_what_it_was_scored_on_is_read_as_unknown(tmp_path: Path) -> None:
    told = CURVE.to_json()
    del told["held_out"]
    path = tmp_path / "curve.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    assert read_curve(path).held_out is None


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"points": []}, "holds no points"),
        ({"points": 3}, "holds no points"),
        ({"scored_on": None}, "scored_on names no reports"),
        ({"scored_on": [1]}, "scored_on names no reports"),
        ({"held_out": "yes"}, "held_out is 'yes'"),
        ({"points": ["x"]}, "point 1 cannot be used"),
        ({"points": [{"reports": 1}]}, "point 1 cannot be used"),
        ({"points": CURVE.to_json()["points"][:1] * 2}, "two points of as many reports"),
    ],
)
def test_what_is_no_curve_is_named_with_the_way_to_one(
    changes: dict[str, Any], finding: str, tmp_path: Path
) -> None:
    path = tmp_path / "curve.json"
    path.write_text(json.dumps(CURVE.to_json() | changes), encoding="utf-8")
    with pytest.raises(DataError, match=finding) as raised:
        read_curve(path)
    assert str(path) in str(raised.value)
    assert "zhibiao train CONFIG.toml --curve" in str(raised.value)


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"reports": 0}, "reports 0"),
        ({"reports": "2"}, "reports '2'"),
        ({"records": None}, "records None"),
        ({"silver": 1}, "silver 1"),
        ({"strict": 1.2}, "strict 1.2"),
        ({"strict": float("nan")}, "strict nan"),
        ({"strict_interval": [0.6, 0.4]}, "0.6 to 0.4"),
        ({"strict_interval": [0.6]}, "cannot be used"),
        ({"relaxed": "0.5"}, "cannot be used"),
        ({"unheard": 1}, "unheard"),
    ],
)
def test_a_point_that_nobody_can_have_measured_is_refused(
    changes: dict[str, Any], finding: str, tmp_path: Path
) -> None:
    told: dict[str, Any] = json.loads(json.dumps(CURVE.to_json()))
    told["points"][1] |= changes
    path = tmp_path / "curve.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(DataError, match=finding) as raised:
        read_curve(path)
    assert "point 2" in str(raised.value)


@pytest.mark.parametrize("content", [None, b"{", b"\xff\xfe", b"[]", b"{}", b'"curve"'])
def test_any_other_file_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=r"other\.json: (cannot be read|holds no points)"):
        read_curve(path)
    with pytest.raises(DataError, match="cannot be read"):
        read_curve(tmp_path)
