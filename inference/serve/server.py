"""The process around the application: its socket, its signals, its log."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI

from inference.serve.service import Service
from zhibiao.errors import ServiceError

__all__ = ["listen", "run"]

_GRACE = 5
"""Seconds beyond a request's own limit that the end of the process may take."""


def listen(host: str, port: int) -> socket.socket:
    """The bound socket; port 0 takes a free one."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=512)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ServiceError(
            f"{host}:{port}: cannot listen there ({reason}); choose another --port or --host"
        ) from error


def run(app: FastAPI, listening: socket.socket, *, verbose: bool = True) -> None:
    """Serve until SIGTERM or Ctrl-C, then finish what was taken; raises what the predictor failed with."""
    service: Service = app.state.service
    config = uvicorn.Config(
        app,
        access_log=False,
        server_header=False,
        log_config=_log_config("INFO" if verbose else "ERROR"),
        timeout_graceful_shutdown=round(service.settings.timeout) + _GRACE,
    )
    server = uvicorn.Server(config)

    def end() -> None:
        server.should_exit = True

    service.predicting.on_failure = end
    with _quiet_signals():
        server.run(sockets=[listening])
    if service.predicting.failure is not None:
        raise service.predicting.failure


@contextmanager
def _quiet_signals() -> Iterator[None]:
    """After its shutdown uvicorn raises the signal again; by then it shall do nothing: the exit is 0."""
    ignore: Callable[[int, object], None] = lambda number, frame: None  # noqa: E731 - a handler is a function
    before = {number: signal.signal(number, ignore) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _log_config(level: str) -> dict[str, Any]:
    """One line each on stderr; of uvicorn only trouble: its access log holds what clients write."""
    handler = {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}
    loggers = {"zhibiao.serve": level, "uvicorn": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
        "handlers": {"stderr": handler},
        "loggers": {
            name: {"handlers": ["stderr"], "level": each, "propagate": False}
            for name, each in loggers.items()
        },
    }
