"""Encoders from anywhere, through one door: a local folder, a hub name, or the built-in one.

Foreign checkpoints stay in this file. Weights are safetensors; code that comes with them is never run.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhibiao.errors import ConfigError, MissingDependencyError
from zhibiao.tagger.alphabet import Alphabet
from zhibiao.tagger.memory import keep_freed_memory

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel

    from zhibiao.tagger.attention import Attention

__all__ = ["BUILT_IN", "Encoder", "load_encoder", "save_encoder"]

BUILT_IN = "e5-small"
TIMEOUT = 10.0
"""Seconds that the hub may take to answer."""

_WANTED = ["*.json", "*.safetensors", "vocab.txt"]


@dataclass(frozen=True)
class Encoder:
    """A model without head or pooler, the alphabet of its inputs, and where both came from."""

    model: PreTrainedModel
    alphabet: Alphabet
    name: str

    @property
    def limit(self) -> int:
        """How many characters it can read at once, [CLS] and [SEP] left out.

        RoBERTa counts positions from behind that of the padding, so it has fewer than it has rows.
        """
        embeddings: Any = self.model.embeddings
        padding = embeddings.position_embeddings.padding_idx
        rows: int = self.model.config.max_position_embeddings
        return rows - (0 if padding is None else padding + 1) - 2


def load_encoder(
    source: str,
    *,
    layers: int | None = None,
    attention: Attention = "lean",
    dropout: float = 0.0,
) -> Encoder:
    """Load an encoder; `layers` keeps that many of its layers, taken evenly.

    Lean attention without dropout is by far the fastest in training on a CPU.
    """
    folder, name = _locate(source)
    alphabet = Alphabet.load(folder)
    model = _load_model(folder, attention=attention, dropout=dropout)
    embedding: Any = model.get_input_embeddings()
    rows = len(embedding.weight)
    if alphabet.size > rows:
        raise ConfigError(
            f"{folder}: the vocabulary has {alphabet.size:,} rows, the weights have {rows:,}; "
            "take both from the same checkpoint"
        )
    if layers is not None:
        _thin(model, layers, name)
    return Encoder(model, alphabet, name)


def save_encoder(encoder: Encoder, folder: Path) -> None:
    """Write the encoder as a folder that `load_encoder` and hub tools can load."""
    with _quiet():
        encoder.model.save_pretrained(folder)
    encoder.alphabet.save(folder)


def _locate(source: str) -> tuple[Path, str]:
    """The folder of an encoder, and its name with a checksum."""
    from zhibiao.tagger.builtin import ensure, sha256_of

    if source == BUILT_IN and not Path(source).is_dir():
        built = ensure()
        return built.folder, f"{BUILT_IN}@{built.sha256[:12]}"
    folder = Path(source) if Path(source).is_dir() else _from_hub(source)
    weights = sorted(folder.glob("*.safetensors"))
    if not weights or not (folder / "config.json").is_file():
        held = ", ".join(sorted(path.name for path in folder.iterdir())) or "nothing"
        raise ConfigError(
            f"{source}: an encoder needs config.json and model.safetensors, found {held}; older checkpoints "
            "become safetensors by `model.save_pretrained(folder)` in transformers"
        )
    return folder, f"{source}@{sha256_of(weights[0])[:12]}"


def _from_hub(name: str) -> Path:
    """Download a snapshot, or find it in the hub's cache; never code, never pickles."""
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    except ImportError as error:
        raise _missing() from error
    try:
        return Path(snapshot_download(name, allow_patterns=_WANTED, etag_timeout=TIMEOUT))
    except HFValidationError as error:
        raise ConfigError(
            f"no folder {name}, and it is no hub name either; give a folder with config.json, "
            f"a name like hfl/chinese-macbert-base, or {BUILT_IN}"
        ) from error
    except (HfHubHTTPError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise ConfigError(
            f"no folder {name}, and the hub gives no encoder of this name ({reason}). To work offline, "
            f"download it where there is a network (`hf download {name} --local-dir FOLDER`), bring FOLDER "
            f"here and name it as the encoder; or take the built-in {BUILT_IN}, which needs only PyPI"
        ) from error


def _load_model(folder: Path, *, attention: str, dropout: float) -> PreTrainedModel:
    try:
        from transformers import AutoConfig, AutoModel

        from zhibiao.tagger.attention import enable
    except ImportError as error:
        raise _missing() from error
    keep_freed_memory()
    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = dropout
        with _quiet():
            model, info = AutoModel.from_pretrained(
                folder,
                config=config,
                attn_implementation=enable(attention),
                use_safetensors=True,
                trust_remote_code=False,
                local_files_only=True,
                output_loading_info=True,
                **_without_pooler(config),
            )
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(
            f"{folder}: no encoder that can be loaded ({error}); take one of BERT's kind"
        ) from error
    _check(model, info, folder)
    return model.float().eval()  # type: ignore[no-any-return]


@contextmanager
def _quiet() -> Iterator[None]:
    """No bar, and no report of what is checked here anyway, between the lines of a training run."""
    from transformers.utils import logging as untyped

    logging: Any = untyped
    shown, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if shown:
            logging.enable_progress_bar()


def _without_pooler(config: PretrainedConfig) -> dict[str, Any]:
    from transformers import MODEL_MAPPING

    kind: Any = MODEL_MAPPING.get(type(config), None)
    takes = kind is not None and "add_pooling_layer" in inspect.signature(kind).parameters
    return {"add_pooling_layer": False} if takes else {}


def _check(model: PreTrainedModel, info: dict[str, Any], folder: Path) -> None:
    """Weights that were not found would be random, and training would hide it."""
    layers = getattr(getattr(model, "encoder", None), "layer", None)
    if layers is None or model.config.is_encoder_decoder:
        raise ConfigError(
            f"{folder}: a {model.config.model_type} has no layers like BERT's; "
            "take a checkpoint of bert, roberta, xlm-roberta, electra or ernie"
        )
    if missing := sorted(info["missing_keys"]):
        raise ConfigError(
            f"{folder}: {len(missing)} tensors of a {model.config.model_type} are missing from the weights, "
            f"such as {missing[0]}; take config.json and weights from the same checkpoint"
        )


def _thin(model: PreTrainedModel, n_layers: int, name: str) -> None:
    """Keep `n_layers`, taken evenly, the last one among them."""
    from torch.nn import ModuleList

    stack: Any = model.encoder
    depth = len(stack.layer)
    if not 1 <= n_layers <= depth:
        raise ConfigError(f"{name} has {depth} layers; {n_layers} of them cannot be taken")
    stack.layer = ModuleList([stack.layer[(step + 1) * depth // n_layers - 1] for step in range(n_layers)])
    model.config.num_hidden_layers = n_layers


def _missing() -> MissingDependencyError:
    return MissingDependencyError("encoders need torch and transformers; pip install 'zhibiao[train]'")
