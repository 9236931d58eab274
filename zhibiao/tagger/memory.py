"""Memory that torch frees on a CPU stays with the process."""

from __future__ import annotations

import ctypes
import sys

__all__ = ["keep_freed_memory"]

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""What malloc.h calls M_TRIM_THRESHOLD and M_MMAP_THRESHOLD."""

_NEVER = -1
_LARGEST = 32 << 20
"""The highest threshold in bytes that glibc takes."""


def keep_freed_memory() -> bool:
    """Tells glibc not to hand memory back to the system; whether there was a glibc to tell.

    Every batch asks for what the batch before it has freed. By default glibc may give that back, and the
    system fills it with zeros again, page by page: up to a fifth of the time of a training step, and of
    reading. The peak of the process stays as it is.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is None:
        return False
    return bool(mallopt(_MMAP_THRESHOLD, _LARGEST)) and bool(mallopt(_TRIM_THRESHOLD, _NEVER))
