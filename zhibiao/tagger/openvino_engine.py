"""An exported graph in OpenVINO, between its products in bf16 where the hardware has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zhibiao.tagger.exported import INPUTS, OUTPUTS
from zhibiao.tagger.predictor import Floats, Ids
from zhibiao.tagger.threads import threads_allowed

if TYPE_CHECKING:
    from openvino import CompiledModel

__all__ = ["OpenVinoEngine", "load_engine"]

_DEVICE = "CPU"

_KEPT = {"CPU_RUNTIME_CACHE_CAPACITY": 100}
"""How many compiled operations it keeps: with more, memory grows by every shape, and nothing is faster."""


@dataclass(frozen=True)
class OpenVinoEngine:
    """Runs an exported graph; a Predictor's Engine."""

    compiled: CompiledModel

    def __call__(self, ids: Ids, mask: Ids) -> tuple[Floats, Floats]:
        """Tag logits and link states."""
        parts = [self._run(ids[rows], mask[rows]) for rows in _parts(len(ids))]
        logits, states = (np.concatenate(column) for column in zip(*parts, strict=True))
        return logits, states

    def _run(self, ids: Ids, mask: Ids) -> tuple[Floats, Floats]:
        # A request of its own for each call: the service may call from several threads.
        found = self.compiled.create_infer_request().infer(dict(zip(INPUTS, (ids, mask), strict=True)))
        logits, states = (found[name] for name in OUTPUTS)
        return logits, states


def _parts(count: int) -> Iterator[slice]:
    """A batch in parts of 2, 4, 8, ... windows, the largest first.

    OpenVINO keeps what it has compiled for a shape; with batches of any size its memory would grow for long.
    """
    start = 0
    while start < count:
        size = 1 << ((count - start).bit_length() - 1)
        yield slice(start, start + size)
        start += size


def load_engine(path: Path) -> OpenVinoEngine:
    """The graph in a file; RuntimeError where it is none."""
    from openvino import Core

    core = Core()
    capabilities = core.get_property(_DEVICE, "OPTIMIZATION_CAPABILITIES")
    # Not among the properties that OpenVINO documents: a version without it does without the limit.
    with suppress(RuntimeError):
        core.set_property(_DEVICE, _KEPT)
    hints = {
        "INFERENCE_PRECISION_HINT": "bf16" if "BF16" in capabilities else "f32",
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads_allowed(),
        # Two processes would be pinned to the same cores.
        "ENABLE_CPU_PINNING": False,
    }
    return OpenVinoEngine(core.compile_model(core.read_model(path), _DEVICE, hints))
