"""One tree of errors. Every message says what was found, where, and what to try."""

from __future__ import annotations

from pathlib import Path


class ZhibiaoError(Exception):
    """Base of every error that zhibiao raises on purpose."""


class SchemaError(ZhibiaoError, ValueError):
    """A span, link, document or record that contradicts itself."""


class ConfigError(ZhibiaoError, ValueError):
    """A configuration, table or sidecar file with an unknown key or an impossible value."""


class DataError(ZhibiaoError, ValueError):
    """A line of gold, records or documents that cannot be used; the message cites `file:line`."""


class ReadError(ZhibiaoError):
    """An input file that cannot be turned into a Document.

    The message reads `file: finding; remedy`, so that a batch can print it as it stands.
    """

    def __init__(self, path: Path | str, finding: str, remedy: str) -> None:
        super().__init__(f"{path}: {finding}; {remedy}")
        self.path = str(path)
        self.finding = finding
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str, str]]:
        """Errors cross process borders, so they must pickle with all three parts."""
        return (type(self), (self.path, self.finding, self.remedy))


class WriteError(ZhibiaoError):
    """An output that cannot be written."""


class WorkerError(ZhibiaoError):
    """Processes that die whatever they work on."""


class ServiceError(ZhibiaoError):
    """A server that does not answer, or refuses."""


class ParityError(ZhibiaoError):
    """An exported model that finds fewer of the right records than the one it was made from."""


class MissingDependencyError(ZhibiaoError, ImportError):
    """An optional library that is not installed; the message names the pip line."""
