"""Configs: every shipped one parses, and what is wrong in one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.config import config_from_mapping, read_config
from zhibiao.errors import ConfigError

CONFIGS = Path(__file__).parents[2] / "training" / "configs"
GOLD = {"data": {"gold": ["data/gold.jsonl"]}}


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.toml")), ids=lambda path: path.name)
def test_every_shipped_config_parses(path):
    config = read_config(path)
    assert config_from_mapping(config.to_json(), "again") == config


def test_the_configs_of_the_makefile_are_there():
    assert {"demo.toml", "recommended.toml"} <= {path.name for path in CONFIGS.glob("*.toml")}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"data": {"gold": ["a"], "sliver": "b"}}, "data.sliver"),
        ({**GOLD, "sheduel": {}}, "sheduel"),
        ({**GOLD, "schedule": {"epoch": 3}}, "schedule.epoch"),
        ({**GOLD, "schedule": {"epochs": "many"}}, "schedule.epochs"),
        ({**GOLD, "run": {"precision": "fp8"}}, "run.precision"),
        ({}, "data"),
        ({"data": {"gold": []}}, "data.gold is empty"),
        ({"data": {"gold": ["a"], "dev": ["岚城区"], "hold_out": ["岚城区"]}}, "岚城区"),
        ({**GOLD, "schedule": {"patience": 2}}, "patience"),
        ({**GOLD, "encoder": {"start": "models/silver", "layers": 6}}, "encoder.layers with encoder.start"),
    ],
)
def test_what_is_wrong_is_named(content, named):
    with pytest.raises(ConfigError) as error:
        config_from_mapping(content, "mine.toml")
    assert named in str(error.value)
    assert str(error.value).startswith("mine.toml")


@pytest.mark.parametrize("content", [b"[data", b"\xff\xfe"])
def test_what_is_no_toml_is_refused(tmp_path, content):
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="not TOML"):
        read_config(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_config(tmp_path / "none.toml")
