"""The service: reports in over HTTP, records out; nothing here is imported before `zhibiao serve` runs."""

from inference.serve.settings import Settings

__all__ = ["Settings"]
