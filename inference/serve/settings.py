"""What the service allows, and what it asks for."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhibiao.errors import ConfigError

__all__ = ["SHORTEST_KEY", "Settings"]

SHORTEST_KEY = 16
"""Characters of an API key: shorter ones can be guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Limits of a service, and its key.

    `max_bytes` of a request's body, `max_reports` of one batch, `timeout` seconds from a request's first byte
    to its answer, `concurrency` requests at work at once; one more is told to come again. `batch_characters`
    bounds what is handed to the predictor at once.
    """

    max_bytes: int = 32 << 20
    max_reports: int = 100
    timeout: float = 60.0
    concurrency: int = 32
    batch_characters: int = 200_000
    key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name in ("max_bytes", "max_reports", "timeout", "concurrency", "batch_characters"):
            if getattr(self, name) <= 0:
                raise ConfigError(f"{name} is {getattr(self, name)}; it must be above 0")
        if self.key is not None and not _is_key(self.key):
            raise ConfigError(
                f"the API key is no key: it needs at least {SHORTEST_KEY} characters, letters, digits and "
                "signs of ASCII, no blanks; make one with: openssl rand -hex 32"
            )


def _is_key(key: str) -> bool:
    return len(key) >= SHORTEST_KEY and key.isascii() and key.isprintable() and " " not in key
