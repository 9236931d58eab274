"""Answers that are no records: each with its status, a code for programs and a message for people.

No message quotes a request: neither its text, nor a path of the server's.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

from starlette.responses import Response

from zhibiao.errors import ServiceError

__all__ = ["REFUSALS", "RefusedError", "incident", "refusal", "refusal_body"]

_LOG = logging.getLogger("zhibiao.serve")

REFUSALS: Mapping[int, tuple[str, str]] = {
    400: ("unusable", "The request cannot be used."),
    401: ("no_key", "The API key is missing or wrong."),
    404: ("not_found", "There is nothing at this path."),
    405: ("wrong_method", "The path is there, but not for this method."),
    408: ("too_slow", "The request did not arrive in time."),
    409: ("not_here", "This service does not do that."),
    413: ("too_large", "The request is larger than this service takes."),
    415: ("wrong_type", "The body is of a type that is not taken."),
    422: ("invalid", "The request or its report cannot be read; the message says why."),
    500: ("internal", "A fault of the service; its log knows it by the incident."),
    503: ("busy", "Too many requests at once, or the model is still being loaded; come again."),
    504: ("timeout", "The work took longer than this service allows."),
}
"""What each status means, and the code that stands in the answer."""


class RefusedError(ServiceError):
    """A request that gets no records; `status` is one of REFUSALS."""

    def __init__(self, status: int, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})

    @classmethod
    def come_again(cls, message: str, seconds: int = 1) -> RefusedError:
        """A refusal for now only."""
        return cls(503, message, headers={"Retry-After": str(seconds)})


def refusal(error: RefusedError) -> Response:
    """The answer that tells a program and a person what is wrong."""
    return Response(
        json.dumps(refusal_body(error.status, error.message), ensure_ascii=False),
        status_code=error.status,
        headers=error.headers,
        media_type="application/json",
    )


def refusal_body(status: int, message: str) -> dict[str, object]:
    """The object that says what went wrong."""
    return {"error": {"code": REFUSALS.get(status, REFUSALS[400])[0], "message": message}}


def incident(error: Exception) -> RefusedError:
    """Where it happened goes to the log; what the exception says may quote a report, so it goes nowhere."""
    number = uuid4().hex[:12]
    frame = traceback.extract_tb(error.__traceback__)[-1]
    _LOG.error(
        "incident %s: %s at %s:%s", number, type(error).__name__, Path(frame.filename).name, frame.lineno
    )
    return RefusedError(500, f"a fault of the service, incident {number}; its log says where")
