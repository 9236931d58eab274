"""Model folders in torch: a network to safetensors and back, and the engine that runs it.

A folder holds `config.json` (the encoder's), `model.safetensors` (encoder and heads), `tokenizer.json` and
`tagger.json`; what it was trained on stands beside them (`training.json`, `README.md`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from zhibiao.errors import ConfigError
from zhibiao.files import unwritable, whole_file
from zhibiao.tagger.alphabet import Alphabet
from zhibiao.tagger.attention import enable
from zhibiao.tagger.linking import LinkWeights
from zhibiao.tagger.memory import keep_freed_memory
from zhibiao.tagger.network import TaggerNetwork
from zhibiao.tagger.predictor import Floats, Ids, Model
from zhibiao.tagger.settings import Settings, read_settings, weights_name, write_settings

__all__ = [
    "TorchEngine",
    "load_network",
    "load_torch_model",
    "model_of",
    "save_network",
    "supports_bf16",
    "write_tensors",
]


@dataclass(frozen=True)
class TorchEngine:
    """Runs a network without gradients, in bf16 where `bf16` says so; a Predictor's Engine."""

    network: TaggerNetwork
    bf16: bool

    def __call__(self, ids: Ids, mask: Ids) -> tuple[Floats, Floats]:
        """Tag logits and link states in float32."""
        device = next(self.network.parameters()).device
        was_training = self.network.training
        self.network.eval()
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=self.bf16):
            logits, states = self.network(torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device))
        self.network.train(was_training)
        return _array(logits), _array(states)


def _array(tensor: Tensor) -> Floats:
    found: Floats = tensor.float().cpu().numpy()
    return found


def supports_bf16(device: torch.device) -> bool:
    """Whether the hardware multiplies bf16 faster than fp32, not merely at all."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return device.type == "cpu" and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def model_of(
    network: TaggerNetwork, alphabet: Alphabet, settings: Settings, *, name: str, bf16: bool
) -> Model:
    """A Model around a network in memory, as training evaluates it."""
    return Model(
        name=name,
        engine=TorchEngine(network, bf16),
        alphabet=alphabet,
        scheme=settings.scheme,
        plan=settings.plan,
        links=_link_weights(network),
        temperature=settings.temperature,
        link_temperature=settings.link_temperature,
        advised_temperature=settings.advised_temperature,
    )


def _link_weights(network: TaggerNetwork) -> LinkWeights | None:
    if network.links is None:
        return None
    tensors = {
        f"links.{name}": _array(tensor.detach()) for name, tensor in network.links.state_dict().items()
    }
    return LinkWeights.of(tensors)


def save_network(folder: Path, network: TaggerNetwork, alphabet: Alphabet, settings: Settings) -> None:
    """Writes a model folder; each file is whole or not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        network.encoder.config.save_pretrained(folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    alphabet.save(folder)
    write_tensors(folder / settings.weights, network.state_dict(), {"format": "pt"})
    write_settings(folder, settings)


def write_tensors(path: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str]) -> None:
    """A safetensors file, whole or not there; WriteError where the disk is full."""
    held = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as partial:
            save_file(held, partial, metadata=metadata)
    except SafetensorError as error:
        # safetensors tells what the system told it, but not as an OSError.
        raise unwritable(path, OSError(str(error))) from error
    except OSError as error:
        raise unwritable(path, error) from error


def load_network(
    folder: Path, *, attention: str = "sdpa", dropout: float = 0.0
) -> tuple[TaggerNetwork, Alphabet, Settings]:
    """The network of a folder that `save_network` wrote; ConfigError where parts are missing or unfit."""
    from transformers import AutoConfig, AutoModel

    settings = read_settings(folder)
    if settings.engine != "torch":
        raise ConfigError(
            f"{folder}: an exported model ({settings.engine}); name the folder it was made from"
        )
    config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = dropout
    keep_freed_memory()
    encoder = AutoModel.from_config(config, attn_implementation=enable(attention))  # type: ignore[no-untyped-call]
    encoder.pooler = None
    network = TaggerNetwork(encoder, len(settings.scheme.tags), linking=settings.linking)
    try:
        network.load_state_dict(load_file(folder / settings.weights))
    except (OSError, SafetensorError, RuntimeError) as error:
        raise ConfigError(
            f"{folder / settings.weights}: cannot be loaded ({error}); train the model again"
        ) from error
    return network.eval(), Alphabet.load(folder), settings


def load_torch_model(folder: Path, *, device: str = "cpu", precision: str = "auto") -> Model:
    """The Model in a folder; `precision` `auto` is bf16 where the hardware is fast at it."""
    network, alphabet, settings = load_network(folder)
    place = torch.device(device)
    network.to(place)
    bf16 = supports_bf16(place) if precision == "auto" else precision == "bf16"
    return model_of(network, alphabet, settings, name=weights_name(folder, settings), bf16=bf16)
