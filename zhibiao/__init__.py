"""zhibiao (指标): structured, sourced, normalised indicator records from Chinese government reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhibiao.version import __version__

if TYPE_CHECKING:
    from zhibiao.documents import read

__all__ = ["__version__", "read"]


def __getattr__(name: str) -> object:
    """Loaded on first use, so that importing a part of zhibiao does not import the readers."""
    if name == "read":
        from zhibiao.documents import read

        return read
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
