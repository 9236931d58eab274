"""Silver: unlabelled reports labelled by a predictor, with a confidence for every sentence."""

from annotation.silver.calibration import Calibration, read_calibration, shipped_calibration
from annotation.silver.run import Silver, Summary, make_silver
from annotation.silver.without import read_names

__all__ = [
    "Calibration",
    "Silver",
    "Summary",
    "make_silver",
    "read_calibration",
    "read_names",
    "shipped_calibration",
]
