"""What a training run is told: one TOML file, checked key by key, saved with the model that it makes.

zhibiao train training/configs/recommended.toml
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from zhibiao.errors import ConfigError

__all__ = [
    "DataConfig",
    "EncoderConfig",
    "RunConfig",
    "ScheduleConfig",
    "TrainConfig",
    "WindowConfig",
    "config_from_mapping",
    "read_config",
]

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, kw_only=True)
class DataConfig:
    """What is learned from.

    `gold` are gold files or folders, of which so many `reports`, drawn by the seed, are learned (0: all);
    `silver` a file of `zhibiao annotate silver`, of which the first
    `silver_characters` are read and the sentences with `silver_confidence` or more are learned.
    Reports of the `group` (district, city or publisher) named in `dev` choose the best epoch; those named in
    `hold_out` are not touched. `format` `bio` and `conll` are for plain tagging of any label set: `gold` then
    names the files to train on and `dev_files` those that choose the epoch.
    """

    __pydantic_config__ = _STRICT

    gold: tuple[Path, ...]
    reports: int = 0
    format: Literal["gold", "bio", "conll"] = "gold"
    dev_files: tuple[Path, ...] = ()
    silver: Path | None = None
    silver_characters: int = 2_000_000
    silver_confidence: float = 0.9
    group: Literal["district", "city", "publisher", "id"] = "district"
    dev: tuple[str, ...] = ()
    hold_out: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EncoderConfig:
    """Which encoder: `e5-small` (built in), a folder, or a hub name; `layers` 0 takes all of them.

    `start` is a model folder to go on from, heads and all, in place of a bare encoder: it has its own layers.
    """

    __pydantic_config__ = _STRICT

    source: str = "e5-small"
    layers: int = 0
    dropout: float = 0.0
    attention: Literal["auto", "lean", "eager", "sdpa"] = "auto"
    start: Path | None = None


@dataclass(frozen=True, kw_only=True)
class WindowConfig:
    """How texts are cut, in characters; see `zhibiao.tagger.windows`."""

    __pydantic_config__ = _STRICT

    size: int = 128
    context: int = 16


@dataclass(frozen=True, kw_only=True)
class ScheduleConfig:
    """How long and how fast.

    A batch holds up to `tokens` positions. Rates rise over `warmup` (a share of a phase's steps) and fall
    linearly to nothing. `digit_noise` is the share of windows whose digits are replaced by others,
    `mask_noise` the share of characters that are masked. `average` is the decay of the running mean of the
    weights that is evaluated and saved; 0 takes the weights as they are. After `patience` epochs without a
    better dev score training ends; 0 never ends early.
    """

    __pydantic_config__ = _STRICT

    epochs: int = 8
    silver_epochs: int = 1
    tokens: int = 2048
    learning_rate: float = 2e-4
    silver_rate: float = 3e-4
    head_rate: float = 1e-3
    layer_decay: float = 1.0
    weight_decay: float = 0.01
    warmup: float = 0.1
    link_weight: float = 0.3
    digit_noise: float = 0.5
    mask_noise: float = 0.05
    smoothing: float = 0.0
    average: float = 0.0
    clip: float = 1.0
    patience: int = 0


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """Where and how it runs; `precision` `auto` is bf16 where the processor has it."""

    __pydantic_config__ = _STRICT

    output: Path = Path("models/latest")
    seed: int = 1
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    threads: int = 0
    save_seconds: float = 120.0
    mlflow: bool = False


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """One training run."""

    __pydantic_config__ = _STRICT

    data: DataConfig
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    windows: WindowConfig = field(default_factory=WindowConfig)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    run: RunConfig = field(default_factory=RunConfig)

    def to_json(self) -> dict[str, Any]:
        """The resolved config, every default spelled out."""
        from pydantic import TypeAdapter

        dumped: dict[str, Any] = TypeAdapter(TrainConfig).dump_python(self, mode="json")
        return dumped


def read_config(path: Path) -> TrainConfig:
    """The config in a TOML file; paths in it are relative to the folder that the command runs in."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); name a .toml file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML in UTF-8 ({error})") from error
    return config_from_mapping(content, str(path))


def config_from_mapping(content: Mapping[str, Any], where: str) -> TrainConfig:
    """A checked config; ConfigError names every key that is unknown or cannot be used."""
    from pydantic import TypeAdapter, ValidationError

    try:
        config = TypeAdapter(TrainConfig).validate_python(content)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ConfigError(f"{where}: {faults}; the keys stand in training/config.py") from error
    _check(config, where)
    return config


def _check(config: TrainConfig, where: str) -> None:
    data = config.data
    both = sorted(set(data.dev) & set(data.hold_out))
    if both:
        raise ConfigError(
            f"{where}: {both} in both data.dev and data.hold_out; a name belongs in one of them"
        )
    plain = data.format != "gold"
    if plain and (data.dev or data.hold_out or data.silver):
        raise ConfigError(
            f"{where}: data.dev, hold_out and silver are for records; format {data.format} has dev_files"
        )
    if data.dev_files and not plain:
        raise ConfigError(f"{where}: data.dev_files with format gold; name districts in data.dev instead")
    if data.reports < 0:
        raise ConfigError(f"{where}: data.reports is {data.reports}; 0 takes all")
    if not data.gold and data.silver is None:
        raise ConfigError(f"{where}: data.gold is empty and there is no data.silver; name what to learn from")
    if config.encoder.start is not None and config.encoder.layers:
        raise ConfigError(
            f"{where}: encoder.layers with encoder.start, whose layers are given; leave one of them out"
        )
    if config.schedule.patience and not (data.dev or data.dev_files):
        raise ConfigError(f"{where}: schedule.patience without data.dev: nothing tells when to stop")
