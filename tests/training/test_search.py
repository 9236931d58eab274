"""The search tries whole runs, writes a config that is one, and does nothing twice."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from training.config import config_from_mapping, read_config
from zhibiao.errors import ConfigError


def dev(lessons):
    return {"dev": [lessons.districts[0]]}


@pytest.mark.slow
def test_a_config_is_written_as_it_is_read(tmp_path):
    from training.search import to_toml

    told = {
        "data": {"gold": ["a b.jsonl", '引"号\\.jsonl'], "dev": ["岚城区"]},
        "schedule": {"learning_rate": 1e-05},
    }
    config = config_from_mapping(told, "test")
    assert config_from_mapping(tomllib.loads(to_toml(config)), "again") == config


@pytest.mark.slow
def test_two_trials_and_the_best_as_a_config(lessons, tmp_path):
    from training.search import search

    config = read_config(
        lessons.write(tmp_path / "mine.toml", tmp_path / "model", data=dev(lessons), schedule={"epochs": 1})
    )
    found = search(config, 2)
    assert [tried.number for tried in found.trials] == [0, 1]
    first, second = (tried.config.schedule for tried in found.trials)
    assert first.learning_rate == config.schedule.learning_rate, "the given config is tried first"
    assert second.learning_rate != first.learning_rate
    assert found.best.score == max(tried.score for tried in found.trials)
    best = read_config(found.path)
    assert best == replace(found.best.config, run=config.run)
    assert not (tmp_path / "model").exists()
    steps: list[object] = []
    again = search(config, 2, on_step=steps.append)
    assert again == found
    assert steps == [], "what was tried is not tried again"


@pytest.mark.slow
def test_the_command_prints_the_best(lessons, tmp_path):
    from zhibiao.cli import build_app

    config = lessons.write(
        tmp_path / "mine.toml", tmp_path / "model", data=dev(lessons), schedule={"epochs": 1}
    )
    result = CliRunner().invoke(build_app(), ["train", str(config), "--search", "1", "--quiet"])
    assert result.exit_code == 0, result.output
    assert "trial 0: strict" in result.stdout
    printed = result.stdout[result.stdout.index("[data]") :]
    assert tomllib.loads(printed) == tomllib.loads(
        (tmp_path / "model.search" / "best.toml").read_text("utf-8")
    )


@pytest.mark.slow
@pytest.mark.parametrize(("count", "dev", "named"), [(0, ["岚城区"], "at least one"), (2, [], "dev")])
def test_what_cannot_be_searched_is_refused(tmp_path, count, dev, named):
    from training.search import search

    config = config_from_mapping({"data": {"gold": ["a"], "dev": dev}}, "test")
    with pytest.raises(ConfigError, match=named):
        search(config, count)
