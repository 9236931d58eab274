"""Silver: unlabelled reports labelled by a predictor, with a confidence for every sentence."""

from annotation.silver.calibration import Calibration, read_calibration, shipped_calibration
from annotation.silver.run import Silver, Summary, make_silver
from annotation.silver.without import places_of, read_names

__all__ = [
    "Calibration",
    "Silver",
    "Summary",
    "make_silver",
    "places_of",
    "read_calibration",
    "read_names",
    "shipped_calibration",
]
