"""The state of a run in one file: weights, optimizer, and how far it has come. Whole or not there.

`--resume` after a kill goes on from it with the same batches to the same final weights.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from torch.optim import Optimizer

from zhibiao.errors import ConfigError
from zhibiao.tagger.checkpoint import write_tensors

__all__ = ["Position", "load_state", "read_position", "save_state"]


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a run stands: `batch` batches of `epoch` of `phase` are done, `step` in the phase altogether.

    `best` is the best dev score so far, `stale` the number of epochs since; `lost` is the sum of this epoch's
    losses, and `history` has a line per epoch.
    `config` is the checksum of what the run was told, so that no other run goes on with it.
    """

    config: str
    phase: int = 0
    epoch: int = 0
    batch: int = 0
    step: int = 0
    best: float | None = None
    stale: int = 0
    lost: float = 0.0
    history: tuple[dict[str, float | str], ...] = field(default_factory=tuple)

    def next_phase(self) -> Position:
        """The start of the phase after this."""
        return replace(self, phase=self.phase + 1, epoch=0, batch=0, step=0, stale=0)


def save_state(path: Path, network: nn.Module, mean: nn.Module, optimizer: Optimizer, at: Position) -> None:
    """Writes the state; an earlier one is replaced at once."""
    tensors = {f"network.{name}": tensor for name, tensor in network.state_dict().items()}
    if mean is not network:
        tensors |= {f"mean.{name}": tensor for name, tensor in mean.state_dict().items()}
    tensors |= _optimizer_tensors(optimizer)
    write_tensors(path, tensors, {"position": json.dumps(asdict(at))})


def _optimizer_tensors(optimizer: Optimizer) -> dict[str, Tensor]:
    """AdamW's running means and step counts; rates are those of the schedule and need no keeping."""
    state = optimizer.state_dict()["state"]
    return {
        f"optimizer.{number}.{name}": torch.as_tensor(value)
        for number, held in state.items()
        for name, value in held.items()
    }


def read_position(path: Path, config: str) -> Position | None:
    """How far the run of this config had come; None where there is no state to go on from."""
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            content = json.loads(file.metadata()["position"])
        found = Position(**{**content, "history": tuple(content["history"])})
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: not the state of a run ({error}); remove it to start anew") from error
    if found.config != config:
        raise ConfigError(
            f"{path}: the state of a run with another config, data or seed; leave --resume out to start anew"
        )
    return found


def load_state(path: Path, network: nn.Module, mean: nn.Module, optimizer: Optimizer) -> None:
    """Puts weights and optimizer back as they were."""
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 -- not a mapping
    network.load_state_dict(_part(tensors, "network."))
    if mean is not network:
        mean.load_state_dict(_part(tensors, "mean."))
    held: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _part(tensors, "optimizer.").items():
        number, _, key = name.partition(".")
        held.setdefault(int(number), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": held})


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
