"""Work in threads that a request may stop waiting for.

Python cannot stop a thread. One whose request timed out goes on to its end, and `busy` still counts it, so
that hanging readers fill the service up instead of piling up in it. Threads are daemons: none of them keeps
the process from ending.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

__all__ = ["Threads", "deliver"]

T = TypeVar("T")


class Threads:
    """Runs each piece of work in a thread of its own; how many run is bounded by whoever admits requests."""

    def __init__(self) -> None:
        self.busy = 0

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work`, or what it raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self.busy += 1

        def target() -> None:
            deliver(loop, future, work)
            _soon(loop, self._done)

        threading.Thread(target=target, daemon=True, name="zhibiao-reader").start()
        return await future

    def _done(self) -> None:
        self.busy -= 1


def deliver(loop: asyncio.AbstractEventLoop, future: asyncio.Future[T], work: Callable[[], T]) -> None:
    """Do the work here and put its result, or what it raised, into a future of another thread's loop."""
    try:
        result = work()
    except Exception as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
        _soon(loop, _settle_error, future, error)
    else:
        _soon(loop, _settle, future, result)


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *arguments: object) -> None:
    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(call, *arguments)


def _settle(future: asyncio.Future[T], result: T) -> None:
    if not future.done():
        future.set_result(result)


def _settle_error(future: asyncio.Future[T], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
