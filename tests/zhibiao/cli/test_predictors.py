"""Which predictor is used is decided once, said aloud, and never swapped silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.rules import RulePredictor
from zhibiao.cli.predictors import MODEL_VARIABLE, Method, choose_predictor
from zhibiao.errors import ConfigError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(MODEL_VARIABLE, raising=False)
    return tmp_path


def test_auto_without_a_model_is_rules_and_says_so() -> None:
    factory, reason = choose_predictor(Method.AUTO, None)
    assert factory is RulePredictor
    assert reason == "by rules: no --model, no $ZHIBIAO_MODEL, no models/latest"


def test_auto_with_a_latest_model_is_rules_and_says_why(folder: Path) -> None:
    (folder / "models" / "latest").mkdir(parents=True)
    factory, reason = choose_predictor(Method.AUTO, None)
    assert factory is RulePredictor
    assert "models/latest is there" in reason
    assert "cannot load models yet" in reason


@pytest.mark.parametrize("method", [Method.AUTO, Method.MODEL])
def test_a_model_asked_for_by_name_is_never_replaced_by_rules(
    method: Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match=r"mine.*--model.*cannot load models yet.*--method rules"):
        choose_predictor(method, Path("mine"))
    monkeypatch.setenv(MODEL_VARIABLE, "theirs")
    with pytest.raises(ConfigError, match=r"theirs.*ZHIBIAO_MODEL"):
        choose_predictor(method, None)


def test_a_model_that_is_nowhere_is_an_error() -> None:
    with pytest.raises(ConfigError, match="no model"):
        choose_predictor(Method.MODEL, None)


def test_rules_are_rules_whatever_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MODEL_VARIABLE, "theirs")
    assert choose_predictor(Method.RULES, None) == (RulePredictor, "by rules, as asked")
    with pytest.raises(ConfigError, match="choose one"):
        choose_predictor(Method.RULES, Path("mine"))
