"""`zhibiao train CONFIG.toml --search N`: the learning rate, epochs and silver share that score best on dev.

Every trial is a whole run in a folder of its own beside the output; a search that was stopped takes those
that are done as they are. Held-out reports are never scored, so the best config can be judged on them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from training.config import TrainConfig
from training.fit import Progress
from training.learning import checksums
from training.publishing import TOLD, read_told
from training.run import train
from zhibiao.errors import ConfigError, MissingDependencyError
from zhibiao.files import whole_file

if TYPE_CHECKING:
    from optuna import Trial

__all__ = ["Found", "Tried", "search", "to_toml"]

_SHARES = (0.0, 0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Tried:
    """One trial: the config that it ran, and its best dev score."""

    number: int
    config: TrainConfig
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """All trials in their order, the best of them, and the file that holds its config."""

    trials: tuple[Tried, ...]
    best: Tried
    path: Path


def search(
    config: TrainConfig,
    count: int,
    *,
    on_trial: Callable[[Tried], None] = lambda _: None,
    on_step: Callable[[Progress], None] = lambda _: None,
) -> Found:
    """Tries `count` configs, the given one first, and writes the best as TOML.

    The rate is drawn between a third and three times of the config's, the epochs between half and double, the
    silver from none to all of it.
    """
    if count < 1:
        raise ConfigError(f"--search {count}: at least one trial is needed")
    if not (config.data.dev or config.data.dev_files):
        raise ConfigError("--search needs dev reports to score on: name districts in data.dev")
    try:
        import optuna
    except ImportError as error:
        raise MissingDependencyError("--search needs optuna; pip install 'zhibiao[train]'") from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    folder = config.run.output.with_name(f"{config.run.output.name}.search")
    study = optuna.create_study(
        direction="maximize", sampler=optuna.samplers.TPESampler(seed=config.run.seed)
    )
    study.enqueue_trial(_given(config))
    trials: list[Tried] = []

    def objective(trial: Trial) -> float:
        drawn = _drawn(config, trial, folder / f"trial-{trial.number}")
        tried = Tried(trial.number, drawn, _score(drawn, on_step))
        trials.append(tried)
        on_trial(tried)
        return tried.score

    study.optimize(objective, n_trials=count)
    best = max(trials, key=lambda tried: (tried.score, -tried.number))
    path = folder / "best.toml"
    chosen = replace(best.config, run=config.run)
    with whole_file(path) as partial:
        partial.write_text(to_toml(chosen), encoding="utf-8")
    return Found(tuple(trials), best, path)


def _given(config: TrainConfig) -> dict[str, float]:
    """The config's own values as a trial."""
    own: dict[str, float] = {
        "learning_rate": config.schedule.learning_rate,
        "epochs": max(1, config.schedule.epochs),
    }
    return own | ({"silver_share": 1.0} if config.data.silver else {})


def _drawn(config: TrainConfig, trial: Trial, output: Path) -> TrainConfig:
    rate, epochs = config.schedule.learning_rate, max(1, config.schedule.epochs)
    schedule = replace(
        config.schedule,
        learning_rate=trial.suggest_float("learning_rate", rate / 3, rate * 3, log=True),
        epochs=trial.suggest_int("epochs", max(1, epochs // 2), epochs * 2),
    )
    data = config.data
    if data.silver:
        share = trial.suggest_categorical("silver_share", _SHARES)
        data = replace(data, silver_characters=round(data.silver_characters * share))
    return replace(config, data=data, schedule=schedule, run=replace(config.run, output=output))


def _score(config: TrainConfig, on_step: Callable[[Progress], None]) -> float:
    """The best dev score of a run; one that is done already is not run again."""
    if _is_done(config):
        return _best(read_told(config.run.output)["best"])
    return _best(train(config, on_step=on_step).position.best)


def _best(score: object) -> float:
    return float(score) if isinstance(score, (int, float)) else 0.0


def _is_done(config: TrainConfig) -> bool:
    if not (config.run.output / TOLD).is_file():
        return False
    told = read_told(config.run.output)
    return told["config"] == config.to_json() and told["checksums"] == checksums(config.data)


def to_toml(config: TrainConfig) -> str:
    """The config as a file that `zhibiao train` takes; what is not set is left out."""
    return "\n\n".join(_table(name, held) for name, held in config.to_json().items()) + "\n"


def _table(name: str, held: Mapping[str, object]) -> str:
    def lines() -> Iterator[str]:
        yield f"[{name}]"
        for key, value in held.items():
            if value is not None:
                # Strings, numbers, truths and lists are written alike in JSON and in TOML.
                yield f"{key} = {json.dumps(value, ensure_ascii=False)}"

    return "\n".join(lines())
