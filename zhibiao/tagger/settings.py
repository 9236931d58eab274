"""`tagger.json`: what a model folder says of itself beside its weights."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from zhibiao.errors import ConfigError
from zhibiao.files import whole_file
from zhibiao.tagger.scheme import INDICATORS, TagScheme
from zhibiao.tagger.windows import WindowPlan

__all__ = [
    "SETTINGS",
    "Settings",
    "is_model",
    "read_settings",
    "require_records",
    "weights_name",
    "write_settings",
]

SETTINGS = "tagger.json"
FORMAT = "zhibiao-tagger-1"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`engine` is `torch` or `onnx`, `weights` the file that the model's name is made from.

    `advised_temperature` is the `temperature` of the model when the rules advise it.
    """

    labels: tuple[str, ...]
    plan: WindowPlan
    engine: str = "torch"
    weights: str = "model.safetensors"
    linking: bool = True
    temperature: float = 1.0
    link_temperature: float = 1.0
    advised_temperature: float = 1.0

    @property
    def scheme(self) -> TagScheme:
        """Its tags."""
        return TagScheme(self.labels)


def is_model(folder: Path) -> bool:
    """Whether the folder says that it is a model."""
    return (folder / SETTINGS).is_file()


def write_settings(folder: Path, settings: Settings) -> None:
    """Writes `tagger.json`."""
    content = {"format": FORMAT, **asdict(settings)}
    with whole_file(folder / SETTINGS) as partial:
        partial.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def read_settings(folder: Path) -> Settings:
    """The settings of a model folder; ConfigError where it is none."""
    path = folder / SETTINGS
    if not path.is_file():
        what = "no such folder" if not folder.exists() else f"no {SETTINGS} in it"
        raise ConfigError(f"{folder}: {what}; name the folder of a model that `zhibiao train` has made")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("format", None) != FORMAT:
            raise ConfigError(f"{path}: not in the format {FORMAT}; train the model again")
        plan = WindowPlan(**content.pop("plan"))
        return Settings(plan=plan, labels=tuple(content.pop("labels")), **content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: cannot be used ({error}); train or export the model again") from error


def require_records(folder: Path, settings: Settings) -> None:
    """ConfigError for a model of other labels than ours: no record can be made of what it finds."""
    if set(settings.labels) != set(INDICATORS.labels):
        raise ConfigError(
            f"{folder}: a tagger of {', '.join(settings.labels)}, and records are made of "
            f"{', '.join(INDICATORS.labels)}; name a model that was trained on gold, or run this "
            "one by zhibiao.tagger.plain.tag"
        )


def weights_name(folder: Path, settings: Settings) -> str:
    """`model/<first 12 digits of the sha256 of weights and settings>`: another model has another name."""
    digest = sha256((folder / SETTINGS).read_bytes())
    try:
        with (folder / settings.weights).open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise ConfigError(
            f"{folder / settings.weights}: the weights cannot be read ({error.strerror}); "
            "the folder is not whole"
        ) from error
    return f"model/{digest.hexdigest()[:12]}"
