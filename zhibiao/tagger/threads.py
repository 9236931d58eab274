"""How many threads an engine may use."""

from __future__ import annotations

import os

__all__ = ["threads_allowed"]


def threads_allowed() -> int:
    """What OMP_NUM_THREADS says, by which a batch gives each of its processes its share of the processor.

    0, which engines take for as many as there are cores, where it says nothing.
    """
    stated = os.environ.get("OMP_NUM_THREADS", "")
    return int(stated) if stated.isdecimal() else 0
