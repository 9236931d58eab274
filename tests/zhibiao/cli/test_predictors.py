"""Which predictor is used is decided once, said aloud, and never swapped silently."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhibiao.cli.predictors import MODEL_VARIABLE, Method, choose_predictor
from zhibiao.errors import ConfigError
from zhibiao.rules import RulePredictor
from zhibiao.tagger.loading import ModelFactory


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(MODEL_VARIABLE, raising=False)
    return tmp_path


def test_auto_without_a_model_is_rules_and_says_so() -> None:
    factory, reason = choose_predictor(Method.AUTO, None)
    assert factory is RulePredictor
    assert reason == "by rules: no --model, no $ZHIBIAO_MODEL, no models/latest"


@pytest.mark.slow
def test_auto_takes_the_latest_model_and_says_so(folder: Path, tiny_model: Path) -> None:
    (folder / "models").mkdir()
    shutil.copytree(tiny_model, folder / "models" / "latest")
    factory, reason = choose_predictor(Method.AUTO, None)
    assert factory == ModelFactory(Path("models/latest"), advised=True)
    assert reason == "by the model models/latest (models/latest), advised by the rules"


@pytest.mark.slow
def test_combined_is_the_model_and_the_rules_and_model_the_model_alone(tiny_model: Path) -> None:
    factory, reason = choose_predictor(Method.COMBINED, tiny_model)
    assert factory == ModelFactory(tiny_model, advised=True)
    assert reason.endswith("advised by the rules")
    factory, reason = choose_predictor(Method.MODEL, tiny_model)
    assert factory == ModelFactory(tiny_model)
    assert "rules" not in reason


@pytest.mark.parametrize("method", [Method.AUTO, Method.MODEL, Method.COMBINED])
def test_a_model_asked_for_by_name_is_never_replaced_by_rules(
    method: Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match=r"mine: no such folder.*named by --model.*--method rules"):
        choose_predictor(method, Path("mine"))
    monkeypatch.setenv(MODEL_VARIABLE, "theirs")
    with pytest.raises(ConfigError, match=r"theirs.*ZHIBIAO_MODEL"):
        choose_predictor(method, None)


def test_a_model_that_is_nowhere_is_an_error() -> None:
    with pytest.raises(ConfigError, match="--method model, but no --model"):
        choose_predictor(Method.MODEL, None)


def test_rules_are_rules_whatever_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MODEL_VARIABLE, "theirs")
    assert choose_predictor(Method.RULES, None) == (RulePredictor, "by rules, as asked")
    with pytest.raises(ConfigError, match="choose one"):
        choose_predictor(Method.RULES, Path("mine"))
