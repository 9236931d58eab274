"""Records of little confidence kept out of the outputs: counted, listed, and never lost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from zhibiao.errors import ConfigError

__all__ = ["Sieve"]


@dataclass(frozen=True, slots=True)
class Sieve:
    """Records of less than `least` confidence go to the file `below`, if there is one.

    What has no confidence, as records by rules, passes: nobody has doubted it.
    """

    least: float = 0.0
    below: Path | None = None

    def __post_init__(self) -> None:
        """ConfigError where it could hold nothing back, or everything."""
        if not 0 <= self.least <= 1:
            raise ConfigError(f"--min-confidence {self.least:g}: confidences lie between 0 and 1")
        if self.below and not self.least:
            raise ConfigError(f"--low-confidence {self.below}: below what? give --min-confidence too")

    def passed(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The records for the outputs, as lines of JSON."""
        return (line for line in lines if not self._holds_back(line))

    def held_back(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The others."""
        return (line for line in lines if self._holds_back(line))

    def _holds_back(self, line: bytes) -> bool:
        if not self.least:
            return False
        confidence = json.loads(line)["confidence"]
        return confidence is not None and confidence < self.least
