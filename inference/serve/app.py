"""The application: routes, pages and, where a pre-annotator is handed in, Label Studio's endpoints."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from inference.serve.guard import Guard
from inference.serve.label_studio import LabelStudioRoutes, PreAnnotator
from inference.serve.pages import Pages
from inference.serve.refusals import REFUSALS, RefusedError, refusal
from inference.serve.routes import Routes
from inference.serve.service import Service
from inference.serve.settings import Settings
from zhibiao.ports import SpanPredictor

__all__ = ["create_app"]


def create_app(
    factory: Callable[[], SpanPredictor],
    settings: Settings | None = None,
    *,
    pre_annotator: PreAnnotator | None = None,
) -> FastAPI:
    """A service of the predictor that `factory` makes, once the application runs.

    `app.state.service` is what it consists of. Two applications share nothing.
    """
    service = Service(factory, settings or Settings())
    app = FastAPI(openapi_url=None, lifespan=service.lifespan)
    app.state.service = service
    routers = [Routes(service).router, Pages(service, app).router]
    if pre_annotator is not None:
        routers.append(LabelStudioRoutes(service, pre_annotator).router)
    for router in routers:
        app.include_router(router)
    app.add_exception_handler(HTTPException, _http_refusal)
    app.add_exception_handler(RequestValidationError, _parameter_refusal)
    app.add_middleware(
        Guard,
        settings=service.settings,
        metrics=service.metrics,
        paths=frozenset(
            route.path for router in routers for route in router.routes if isinstance(route, Route)
        ),
        busy=lambda: service.threads.busy,
    )
    return app


async def _http_refusal(_: Request, error: Exception) -> Response:
    """Starlette's own refusals (no such path, wrong method, a torn form) in our form."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = getattr(error, "headers", None) or {}
    known = status if status in REFUSALS else 400
    return refusal(RefusedError(known, REFUSALS[known][1], headers=headers))


async def _parameter_refusal(_: Request, error: Exception) -> Response:
    """FastAPI's own answer would quote the request."""
    return refusal(RefusedError(422, "a parameter behind the `?` has a value that is none of its values"))
