"""What stands around every request: key, limits, deadline, counting, and answers that give nothing away.

Plain ASGI, so that a body is refused while it arrives, not after it was stored.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inference.serve.keys import check_key
from inference.serve.metrics import Metrics
from inference.serve.refusals import RefusedError, incident, refusal
from inference.serve.settings import Settings

__all__ = ["Guard"]

_LOG = logging.getLogger("zhibiao.serve")
_OPEN = frozenset({"/health", "/ready"})
"""What load balancers ask, which have no key."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
_DRAIN = 5.0
"""Seconds that a refused client has to finish sending."""

_CHUNK = 1 << 16
_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)


@dataclass(slots=True)
class _Exchange:
    """How far a request is: whether its body is there, and the status of its answer once that began."""

    arrived: bool = False
    status: int = 0


class Guard:
    """The outermost layer of the application.

    `paths` stand in metrics and log by name; `busy` counts threads, of which some outlived their request.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        settings: Settings,
        metrics: Metrics,
        paths: frozenset[str],
        busy: Callable[[], int],
    ) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._paths = paths
        self._busy = busy
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, exchange = time.perf_counter(), _Exchange()
        send = _with_headers(send, exchange)
        try:
            await self._answer(scope, receive, send, exchange)
        except RefusedError as error:
            await _refuse(error, scope, receive, send, exchange)
        except Exception as error:  # noqa: BLE001 - the client learns the incident's number, the log its place
            await _refuse(incident(error), scope, receive, send, exchange)
        finally:
            self._note(scope, exchange, time.perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, exchange: _Exchange) -> None:
        if scope["path"] not in _OPEN:
            check_key(dict(scope["headers"]), self._settings.key)
        if scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        self._admit()
        try:
            await self._in_time(scope, receive, send, exchange)
        finally:
            self._in_flight -= 1
            self._metrics.in_flight.set(self._in_flight)

    def _admit(self) -> None:
        if max(self._in_flight, self._busy()) >= self._settings.concurrency:
            raise RefusedError.come_again(
                f"{self._settings.concurrency} requests are at work, which is the limit; come again"
            )
        self._in_flight += 1
        self._metrics.in_flight.set(self._in_flight)

    async def _in_time(self, scope: Scope, receive: Receive, send: Send, exchange: _Exchange) -> None:
        try:
            async with asyncio.timeout(self._settings.timeout):
                body = await _whole_body(scope, receive, self._settings.max_bytes)
                exchange.arrived = True
                await self._app(scope, _replay(body, receive), send)
        except TimeoutError as error:
            limit = f"{self._settings.timeout:g} s, which is the limit"
            if not exchange.arrived:
                raise RefusedError(408, f"the request was not there after {limit}") from error
            raise RefusedError(504, f"no answer after {limit}; send less at once") from error

    def _note(self, scope: Scope, exchange: _Exchange, seconds: float) -> None:
        path = scope["path"] if scope["path"] in self._paths else "other"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.count_request(method, path, exchange.status, seconds)
        if path not in _OPEN:
            _LOG.info("%s %s %d %.0f ms", method, path, exchange.status, seconds * 1000)


def _with_headers(send: Send, exchange: _Exchange) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            exchange.status = message["status"]
            there = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(pair for pair in _HEADERS if pair[0] not in there)]
        await send(message)

    return sending


async def _refuse(
    error: RefusedError, scope: Scope, receive: Receive, send: Send, exchange: _Exchange
) -> None:
    """The refusal, unless an answer has begun; a body that was not read to its end costs the connection."""
    if exchange.status:
        return
    response = refusal(error)
    if scope["method"] == "POST" and not exchange.arrived:
        if error.status != 408:
            await _drain(receive)
        response.headers["connection"] = "close"
    await response(scope, receive, send)


async def _drain(receive: Receive) -> None:
    """Let the client finish sending, or it may never see why it was refused; what comes is thrown away."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN):
            while (message := await receive())["type"] == "http.request" and message.get("more_body", False):
                pass


async def _whole_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The body; RefusedError as soon as it is known to be too large."""
    too_large = RefusedError(413, f"the request is larger than {limit:,} bytes; send less at once")
    stated = dict(scope["headers"]).get(b"content-length", b"")
    if stated.isdigit() and int(stated) > limit:
        raise too_large
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RefusedError(400, "the connection was closed before the request was there")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            raise too_large
        if not message.get("more_body", False):
            return b"".join(chunks)


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body once more, in pieces, so that parsing it leaves room for other requests."""
    at = 0

    async def replaying() -> Message:
        nonlocal at
        if at > len(body):
            return await receive()
        start, at = at, at + _CHUNK if at + _CHUNK < len(body) else len(body) + 1
        await asyncio.sleep(0)
        return {"type": "http.request", "body": body[start:at], "more_body": at <= len(body)}

    return replaying
