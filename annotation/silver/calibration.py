"""From features to a confidence: a logistic per case, its weights in the editable `confidence.toml`."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from annotation.silver.features import FEATURES, measured
from annotation.silver.sentences import Case, Reading
from zhibiao.errors import ConfigError

__all__ = ["Calibration", "Logistic", "parse_calibration", "read_calibration", "shipped_calibration"]

FILE = "confidence.toml"
PLACES = 3
"""Decimals of a confidence; more would be noise."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """Log-odds that a sentence is right: `bias` plus weight times feature."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """Between 0 and 1."""
        log_odds = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A Logistic per case. `fingerprint` changes with any weight, so that no run is resumed under others."""

    logistics: Mapping[Case, Logistic]
    fingerprint: str

    def confidence(self, reading: Reading) -> float:
        """How probably all records of the sentence are strictly right and none is missed."""
        return round(self.logistics[reading.case].probability(measured(reading)), PLACES)


@cache
def shipped_calibration() -> Calibration:
    """The weights that ship with the project."""
    return parse_calibration((files("annotation.silver") / FILE).read_text(encoding="utf-8"), FILE)


def read_calibration(path: Path) -> Calibration:
    """The weights of a file."""
    try:
        return parse_calibration(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); name a TOML file of weights") from error


def parse_calibration(text: str, name: str) -> Calibration:
    """The weights that `text` (TOML) holds; a case or feature that is missing or unknown is an error."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: not TOML ({error})") from error
    if odd := set(table) ^ {case.value for case in Case}:
        raise ConfigError(f"{name}: {sorted(odd)} is missing or unknown; the headings are {[*Case]}")
    logistics = {case: _logistic(table[case.value], case, f"{name}: [{case}]") for case in Case}
    return Calibration(logistics, sha256(text.encode()).hexdigest()[:12])


def _logistic(table: object, case: Case, where: str) -> Logistic:
    numbers = table if isinstance(table, dict) else {}
    known = {"bias", *FEATURES[case]}
    if odd := set(numbers) ^ known:
        raise ConfigError(f"{where} {sorted(odd)} is missing or unknown; the keys are {sorted(known)}")
    if wrong := [key for key, value in numbers.items() if not _is_number(value)]:
        raise ConfigError(f"{where} {wrong} is no number")
    return Logistic(float(numbers["bias"]), {key: float(numbers[key]) for key in FEATURES[case]})


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
