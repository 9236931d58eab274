"""A model folder to a predictor: torch or exported, by what the folder says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zhibiao.errors import ConfigError, MissingDependencyError
from zhibiao.tagger.exported import ENGINES, load_exported_model
from zhibiao.tagger.predictor import Batching, Model, TaggerPredictor, predictor_name
from zhibiao.tagger.settings import read_settings, require_records, weights_name

__all__ = ["ModelFactory", "load_model"]


@dataclass(frozen=True)
class ModelFactory:
    """Makes the predictor of a model folder, in each process that needs one; pickles and compares.

    `linking=False` leaves the links to the rules of assembly; `advised` lets the rules advise the tagger.
    Reports of `lot_characters` together are read faster than one by one.
    """

    folder: Path
    device: str = "cpu"
    precision: str = "auto"
    linking: bool = True
    advised: bool = False
    batching: Batching | None = None
    lot_characters: int = 24_000

    @property
    def name(self) -> str:
        """That of its predictor; the weights are read, but nothing is made of them."""
        settings = read_settings(self.folder)
        return predictor_name(
            weights_name(self.folder, settings),
            linked=self.linking or not settings.linking,
            advised=self.advised,
        )

    def __call__(self) -> TaggerPredictor:
        """Loads the weights; ConfigError where the folder is no model of records, or not whole."""
        require_records(self.folder, read_settings(self.folder))
        model = load_model(self.folder, device=self.device, precision=self.precision)
        model = model.advised() if self.advised else model
        return TaggerPredictor(model, batching=self.batching, linking=self.linking)


def load_model(folder: Path, *, device: str = "cpu", precision: str = "auto") -> Model:
    """The Model in a folder."""
    engine = read_settings(folder).engine
    if engine in ENGINES:
        return _exported(folder, device)
    if engine != "torch":
        raise ConfigError(f"{folder}: made for the engine {engine!r}, which this version does not know")
    try:
        from zhibiao.tagger.checkpoint import load_torch_model
    except ImportError as error:
        raise MissingDependencyError(
            f"{folder}: a model in torch, and torch is not here ({error}); pip install 'zhibiao[train]'"
        ) from error
    return load_torch_model(folder, device=device, precision=precision)


def _exported(folder: Path, device: str) -> Model:
    if device != "cpu":
        raise ConfigError(f"{folder}: an exported model runs on the cpu; use the model in torch on {device}")
    return load_exported_model(folder)
