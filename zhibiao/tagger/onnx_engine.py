"""An exported graph in onnxruntime."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zhibiao.tagger.exported import INPUTS, OUTPUTS
from zhibiao.tagger.predictor import Floats, Ids
from zhibiao.tagger.threads import threads_allowed

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["OnnxEngine", "load_engine"]


@dataclass(frozen=True)
class OnnxEngine:
    """Runs an exported graph; a Predictor's Engine."""

    session: InferenceSession

    def __call__(self, ids: Ids, mask: Ids) -> tuple[Floats, Floats]:
        """Tag logits and link states."""
        logits, states = self.session.run(list(OUTPUTS), dict(zip(INPUTS, (ids, mask), strict=True)))
        return logits, states


def load_engine(path: Path) -> OnnxEngine:
    """The graph in a file; RuntimeError where it is none."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads_allowed()
    # Between two batches numpy decodes: threads that spin meanwhile take the processor from it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Batches differ in shape; a plan of memory for each of them is never used again.
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # What onnxruntime raises has no common class but this one.
        raise RuntimeError(str(error)) from error
    return OnnxEngine(session)
