"""Splits never cut a district, and a file of splits comes back as it was."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.splitting import PARTS, Splits, read_splits, split, write_splits
from zhibiao.documents import build
from zhibiao.errors import ConfigError, DataError
from zhibiao.schema import Finding, GoldReport

names = st.lists(st.text("柳溪岚城栖山云麓\"'\\", min_size=1, max_size=4), min_size=3, max_size=12)


def report(number: int, district: str | None) -> GoldReport:
    known = {} if district is None else {"district": Finding(district, "gold")}
    return GoldReport(build("无。", id=f"r{number}", known=known), ())


@given(names, st.integers(0, 3), st.integers(0, 3), st.integers())
def test_every_district_stands_in_one_part(districts: list[str], dev: int, test: int, seed: int) -> None:
    reports = [report(number, district) for number, district in enumerate(districts)]
    if dev + test >= len(set(districts)):
        with pytest.raises(ConfigError, match="none is left for training"):
            split(reports, dev=dev, test=test, seed=seed)
        return
    drawn = split(reports, dev=dev, test=test, seed=seed)
    every = [name for part in PARTS for name in drawn.parts[part]]
    assert sorted(every) == sorted(set(districts))
    assert (len(drawn.parts["dev"]), len(drawn.parts["test"])) == (dev, test)
    assert drawn == split(reversed(reports), dev=dev, test=test, seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        write_splits(Path(folder) / "s.toml", drawn)
        assert read_splits(Path(folder) / "s.toml").parts == drawn.parts


def test_seeds_draw_differently() -> None:
    reports = [report(number, f"{number}区") for number in range(30)]
    assert len({split(reports, dev=3, test=3, seed=seed).parts["test"] for seed in range(10)}) > 5


def test_a_report_without_a_district_is_refused() -> None:
    with pytest.raises(DataError, match="r1: no district"):
        split([report(0, "柳溪区"), report(1, None)], dev=0, test=0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("train = [", "no splits can be read"),
        ('group_by = "mood"\ntrain = []\ndev = []\ntest = []', "group_by is 'mood'"),
        ('group_by = "city"\ntrain = []\ndev = []\ntest = [3]', "test must be a list of names"),
        (
            'group_by = "city"\ntrain = []\ndev = []\ntest = []\nextra = []',
            r"\['extra'\] is missing or unknown",
        ),
    ],
)
def test_a_broken_file_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        read_splits(tmp_path / "s.toml")


def test_a_group_knows_its_part() -> None:
    splits = Splits("district", {"train": ("柳溪区",), "dev": (), "test": ("岚城区",)})
    assert [splits.part_of(name) for name in ("柳溪区", "岚城区", "栖山县", None)] == [
        "train",
        "test",
        None,
        None,
    ]
