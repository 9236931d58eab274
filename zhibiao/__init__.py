"""zhibiao (指标): structured, sourced, normalised indicator records from Chinese government reports."""

from zhibiao.version import __version__

__all__ = ["__version__"]
