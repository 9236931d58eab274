"""The command line that dies by SIGKILL at an order: after `CALLS` function calls from the first step on.

Any call may be the one: in a step, in the scoring, in the middle of writing. No clock is involved.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

LEFT = int(os.environ["CALLS"])
begun = False


def count(frame: FrameType, event: str, argument: object) -> None:
    """A profile function: Python calls it at every call of a function."""
    global LEFT, begun
    if event != "call":
        return
    begun = begun or (frame.f_code.co_name == "on_step" and "watching" in frame.f_code.co_filename)
    LEFT -= begun
    if begun and LEFT == 0:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    from zhibiao.cli import main

    sys.setprofile(count)
    main()
