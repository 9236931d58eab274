"""Model folders exported to ONNX: run by onnxruntime, without torch and without transformers.

A folder holds `model.onnx` (encoder, tags and link states), `links.safetensors` (the pairs' weights),
`tokenizer.json` and `tagger.json`; `zhibiao export` makes it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zhibiao.errors import ConfigError, MissingDependencyError
from zhibiao.tagger.alphabet import Alphabet
from zhibiao.tagger.linking import LinkWeights
from zhibiao.tagger.predictor import Floats, Ids, Model
from zhibiao.tagger.settings import Settings, read_settings, weights_name

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["INPUTS", "LINKS", "OUTPUTS", "OnnxEngine", "load_onnx_model"]

LINKS = "links.safetensors"
"""The weights of the link head, in numpy."""

INPUTS = ("ids", "mask")
OUTPUTS = ("logits", "states")


@dataclass(frozen=True)
class OnnxEngine:
    """Runs an exported graph; a Predictor's Engine."""

    session: InferenceSession

    def __call__(self, ids: Ids, mask: Ids) -> tuple[Floats, Floats]:
        """Tag logits and link states."""
        logits, states = self.session.run(list(OUTPUTS), dict(zip(INPUTS, (ids, mask), strict=True)))
        return logits, states


def load_onnx_model(folder: Path) -> Model:
    """The Model in an exported folder; ConfigError where parts are missing or unfit."""
    settings = read_settings(folder)
    alphabet = Alphabet.load(folder)
    return Model(
        name=weights_name(folder, settings),
        engine=OnnxEngine(_session(folder / settings.weights)),
        alphabet=alphabet,
        scheme=settings.scheme,
        plan=settings.plan,
        links=_links(folder, settings),
        temperature=settings.temperature,
        link_temperature=settings.link_temperature,
        advised_temperature=settings.advised_temperature,
    )


def _session(path: Path) -> InferenceSession:
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingDependencyError(
            f"{path}: an exported model, and onnxruntime is not here ({error}); pip install 'zhibiao[infer]'"
        ) from error
    options = onnxruntime.SessionOptions()
    # The pool of a batch gives each of its processes its share of the processor by this variable.
    options.intra_op_num_threads = _threads(os.environ.get("OMP_NUM_THREADS", ""))
    # Between two batches numpy decodes: threads that spin meanwhile take the processor from it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Batches differ in shape; a plan of memory for each of them is never used again.
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ConfigError(f"{path}: cannot be loaded ({error}); export the model again") from error


def _threads(stated: str) -> int:
    """How many threads the environment allows; 0, as many as there are cores, where it says nothing."""
    return int(stated) if stated.isdecimal() else 0


def _links(folder: Path, settings: Settings) -> LinkWeights | None:
    if not settings.linking:
        return None
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return LinkWeights.of(load_file(folder / LINKS))
    except (OSError, SafetensorError, KeyError) as error:
        raise ConfigError(f"{folder / LINKS}: cannot be loaded ({error}); export the model again") from error
