"""Model folders exported to ONNX: run without torch and without transformers.

A folder holds `model.onnx` (encoder, tags and link states), `links.safetensors` (the pairs' weights),
`tokenizer.json` and `tagger.json`, which names the engine that the export was tested with: `onnx`, which is
onnxruntime, or `openvino`. `zhibiao export` makes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from zhibiao.errors import ConfigError, MissingDependencyError
from zhibiao.tagger.alphabet import Alphabet
from zhibiao.tagger.linking import LinkWeights
from zhibiao.tagger.predictor import Engine, Model
from zhibiao.tagger.settings import Settings, read_settings, weights_name

__all__ = ["ENGINES", "INPUTS", "LINKS", "OUTPUTS", "load_exported_model"]

ENGINES: Final = {"onnx": ("onnxruntime", "infer"), "openvino": ("openvino", "openvino")}
"""For each engine the package that runs it, and the extra that installs it."""

LINKS = "links.safetensors"
"""The weights of the link head, in numpy."""

INPUTS = ("ids", "mask")
OUTPUTS = ("logits", "states")
"""What the graph takes and gives, in this order."""


def load_exported_model(folder: Path) -> Model:
    """The Model in an exported folder; ConfigError where parts are missing or unfit."""
    settings = read_settings(folder)
    alphabet = Alphabet.load(folder)
    return Model(
        name=weights_name(folder, settings),
        engine=_engine(folder, settings),
        alphabet=alphabet,
        scheme=settings.scheme,
        plan=settings.plan,
        links=_links(folder, settings),
        temperature=settings.temperature,
        link_temperature=settings.link_temperature,
        advised_temperature=settings.advised_temperature,
    )


def _engine(folder: Path, settings: Settings) -> Engine:
    path = folder / settings.weights
    package, extra = ENGINES[settings.engine]
    try:
        if settings.engine == "openvino":
            from zhibiao.tagger.openvino_engine import load_engine as load_openvino

            return load_openvino(path)
        from zhibiao.tagger.onnx_engine import load_engine as load_onnx

        return load_onnx(path)
    except ImportError as error:
        raise MissingDependencyError(
            f"{path}: an exported model, and {package} is not here ({error}); pip install 'zhibiao[{extra}]'"
        ) from error
    except RuntimeError as error:
        # OpenVINO tells the same thing on several lines, each with a place in its own source.
        told = " ".join(str(error).split())
        raise ConfigError(f"{path}: cannot be loaded ({told}); export the model again") from error


def _links(folder: Path, settings: Settings) -> LinkWeights | None:
    if not settings.linking:
        return None
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return LinkWeights.of(load_file(folder / LINKS))
    except (OSError, SafetensorError, KeyError) as error:
        raise ConfigError(f"{folder / LINKS}: cannot be loaded ({error}); export the model again") from error
