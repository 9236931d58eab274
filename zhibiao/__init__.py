"""zhibiao (指标): structured, sourced, normalised indicator records from Chinese government reports.

document = zhibiao.read("report.txt")
predictor = zhibiao.load_predictor("rules")
for record in zhibiao.extract([document], predictor):
    print(record.indicator, record.value, record.unit, record.year)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from zhibiao.version import __version__

if TYPE_CHECKING:
    from zhibiao.api import extract, load_predictor, read, score

__all__ = ["__version__", "extract", "load_predictor", "read", "score"]


def __getattr__(name: str) -> object:
    """The functions of `zhibiao.api`, loaded when first used, so that `import zhibiao` is instant."""
    if name in __all__:
        return getattr(import_module("zhibiao.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
