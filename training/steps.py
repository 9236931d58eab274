"""The parts of a training step that `fit` calls by name: optimizer, rates, shares of a batch, checks."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import AdamW, Optimizer

from training.batches import Batch
from training.config import ScheduleConfig
from zhibiao.errors import DataError
from zhibiao.tagger.network import TaggerNetwork

if TYPE_CHECKING:
    from datasets import Dataset

    from training.fit import Phase

__all__ = [
    "checked",
    "follow",
    "lengths_of",
    "optimizer_of",
    "reseed",
    "running_mean",
    "set_rates",
    "share_of",
    "tensors_of",
    "top_rate",
]


def lengths_of(dataset: Dataset) -> NDArray[np.int64]:
    """The positions of every window."""
    column = dataset.with_format("arrow")[:].column("ids").combine_chunks()
    lengths: NDArray[np.int64] = np.diff(column.offsets.to_numpy()).astype(np.int64)
    return lengths


def optimizer_of(network: TaggerNetwork, rate: float, schedule: ScheduleConfig) -> Optimizer:
    """AdamW; layer by layer downwards the rate is multiplied by `layer_decay`, and the heads have their own.

    Vectors (biases, norms) are not decayed. `peak` holds the rate that the schedule scales.
    """
    groups: dict[tuple[float, bool], list[torch.nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        own = _rate(name, rate, schedule, network.encoder.config.num_hidden_layers)
        groups.setdefault((own, parameter.ndim > 1), []).append(parameter)
    return AdamW(
        [
            {
                "params": held,
                "lr": own,
                "peak": own,
                "weight_decay": schedule.weight_decay if decayed else 0.0,
            }
            for (own, decayed), held in groups.items()
        ],
        fused=True,
    )


def _rate(name: str, rate: float, schedule: ScheduleConfig, n_layers: int) -> float:
    if not name.startswith("encoder."):
        return schedule.head_rate
    parts = name.split(".")
    depth = int(parts[parts.index("layer") + 1]) + 1 if "layer" in parts else 0
    return rate * schedule.layer_decay ** (n_layers - depth)


def set_rates(optimizer: Optimizer, step: int, total: int, warmup: float) -> None:
    """Linear rise over the first `warmup` of the steps, linear fall to nothing after it."""
    rising = max(1.0, warmup * total)
    factor = (step + 1) / rising if step < rising else (total - step) / max(1.0, total - rising)
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * min(1.0, max(0.0, factor))


def top_rate(optimizer: Optimizer) -> float:
    """The highest learning rate in use."""
    return max(float(group["lr"]) for group in optimizer.param_groups)


def running_mean(network: TaggerNetwork, decay: float) -> TaggerNetwork:
    """A copy that follows the network; the network itself where nothing is averaged."""
    if not decay:
        return network
    mean = deepcopy(network)
    mean.requires_grad_(False)
    return mean


@torch.no_grad()
def follow(mean: TaggerNetwork, network: TaggerNetwork, decay: float) -> None:
    """Moves the mean towards the network by one step."""
    if mean is not network:
        torch._foreach_lerp_(list(mean.parameters()), list(network.parameters()), 1 - decay)


def share_of(batch: Batch, process: int, processes: int) -> Batch:
    """The windows of a batch that fall to one of several processes; the padding stays the same."""
    if processes == 1:
        return batch
    width = batch.ids.shape[1]
    rows = np.arange(process, len(batch.ids), processes)
    rank = np.full(len(batch.ids), -1)
    rank[rows] = np.arange(len(rows))
    row = batch.edges[:, 0] // width
    mine = rank[row] >= 0
    moved = batch.edges[mine] + ((rank[row] - row)[mine] * width)[:, None]
    return Batch(
        batch.ids[rows], batch.mask[rows], batch.tags[rows], moved, batch.features[mine], batch.targets[mine]
    )


def tensors_of(batch: Batch, device: torch.device) -> dict[str, Tensor]:
    """The arrays of a batch on the device."""
    arrays: dict[str, Any] = {
        "ids": batch.ids,
        "mask": batch.mask,
        "tags": batch.tags,
        "edges": batch.edges,
        "features": batch.features,
        "targets": batch.targets,
    }
    return {name: torch.from_numpy(array).to(device, non_blocking=True) for name, array in arrays.items()}


def reseed(seed: Sequence[int]) -> None:
    """Dropout draws the same for a batch whether or not the run was stopped before it."""
    torch.manual_seed(int(np.random.SeedSequence(seed).generate_state(1)[0]))


def checked(loss: Tensor, norm: Tensor | None, phase: Phase, place: tuple[int, int]) -> float:
    """The loss as a number; DataError where it or the gradient's norm is none.

    It comes before the step, so that weights are never ruined. `place` is the epoch and the batch.
    """
    value = float(loss)
    if not np.isfinite(value) or not (norm is None or np.isfinite(float(norm))):
        what = f"the loss is {value}" if norm is None else f"the loss is {value}, its gradient {float(norm)},"
        raise DataError(
            f"{what} in phase {phase.name}, epoch {place[0] + 1}, batch {place[1] + 1}: training has "
            "diverged; start anew with a lower schedule.learning_rate and head_rate, or run.precision fp32"
        )
    return value
