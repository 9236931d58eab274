"""Many reports at once: what the user named, as tasks; processes; a manifest of what became of each."""

from zhibiao.batch.filling import FEW, Engine, Filled, fill, over_processes
from zhibiao.batch.inputs import Rejected, Task, discover, fingerprint
from zhibiao.batch.lots import LotPool, Work
from zhibiao.batch.manifest import Manifest, Outcome, Status, Totals, manifest_path, open_manifest
from zhibiao.batch.predictors import PredictorFactory, predictor_name, predictor_of, ready_predictor
from zhibiao.batch.reading import document_of, guarded, outcome_of, shared

__all__ = [
    "FEW",
    "Engine",
    "Filled",
    "LotPool",
    "Manifest",
    "Outcome",
    "PredictorFactory",
    "Rejected",
    "Status",
    "Task",
    "Totals",
    "Work",
    "discover",
    "document_of",
    "fill",
    "fingerprint",
    "guarded",
    "manifest_path",
    "open_manifest",
    "outcome_of",
    "over_processes",
    "predictor_name",
    "predictor_of",
    "ready_predictor",
    "shared",
]
