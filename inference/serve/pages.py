"""Pages for people: the form, the records in the viewer of `zhibiao view`, and the interface described.

No page loads anything: style and data stand inside, there is no script but the viewer's own.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from string import Template
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request, Response

from inference.serve.describing import describe
from inference.serve.example import EXAMPLE
from inference.serve.refusals import RefusedError
from inference.serve.routes import document_of_form, media_type, read_form
from inference.serve.service import Service
from zhibiao.assemble import assemble
from zhibiao.schema import Document, Prediction
from zhibiao.version import __version__
from zhibiao.view import Lang, ReportView, render

__all__ = ["Pages"]

_HTML = "text/html; charset=utf-8"

InLang = Annotated[Lang, Query(alias="lang")]


class Pages:
    """`/`, `/view`, `/docs` and `/openapi.json`."""

    def __init__(self, service: Service, app: FastAPI) -> None:
        self._service = service
        self._app = app
        self.router = APIRouter(include_in_schema=False)
        self.router.add_api_route("/", self.form, methods=["GET"])
        self.router.add_api_route("/view", self.view, methods=["POST"])
        self.router.add_api_route("/docs", self.docs, methods=["GET"])
        self.router.add_api_route("/openapi.json", self.openapi, methods=["GET"])

    async def form(self, lang: InLang = Lang.ZH, example: bool = False) -> Response:
        """Where a person pastes a report."""
        words = _words()[lang]
        values = {name: html.escape(word) for name, word in words.items()}
        link = f"./?lang={lang.value}&amp;example=true"
        filled = html.escape(EXAMPLE) if example else ""
        body = Template(_source("form.html")).substitute(
            values, filled=filled, code=lang.value, example_link=link
        )
        return _page(lang, body, footer=self._footer(words, lang))

    async def view(self, request: Request, lang: InLang = Lang.ZH) -> Response:
        """The records beside the text, or a page that says why there are none."""
        try:
            document = await self._document(request)
            page = await self._service.predicting.submit(document, lambda found, _: _viewer(found, lang))
        except RefusedError as error:
            return _failed(error, lang)
        return Response(page, media_type=_HTML)

    async def _document(self, request: Request) -> Document:
        self._service.predicting.check_ready()
        if media_type(request) != "multipart/form-data":
            raise RefusedError(415, "send the form of the start page")
        form = await read_form(request, self._service.settings.max_bytes)
        return await self._service.threads.run(lambda: document_of_form(form))

    def docs(self) -> Response:
        """The interface, from its OpenAPI description."""
        return _page(Lang.EN, _described(describe(self._app)), footer='<a href="./">zhibiao</a>')

    def openapi(self) -> Response:
        """The OpenAPI description; no thread of the server waits while its example is computed."""
        return Response(json.dumps(describe(self._app), ensure_ascii=False), media_type="application/json")

    def _footer(self, words: Mapping[str, str], lang: Lang) -> str:
        method = self._service.predicting.name or words["loading"]
        parts = (f"zhibiao {__version__}", f"{words['predictor']}: {method}")
        shown = "".join(f"<span>{html.escape(part)}</span>" for part in parts)
        return f'{shown}<a href="docs">{html.escape(words["interface"])}</a>'


def _viewer(prediction: Prediction, lang: Lang) -> str:
    document = prediction.document
    records = tuple(assemble(prediction))
    view = ReportView(document.id, document.metadata.title, document.text, records)
    return render([view], lang=lang)


def _failed(error: RefusedError, lang: Lang) -> Response:
    words = {name: html.escape(word) for name, word in _words()[lang].items()}
    notice = f'<p class="notice">{html.escape(error.message)}</p>'
    back = f'<p><a href="./?lang={lang.value}">{words["back"]}</a></p>'
    answer = _page(lang, f"<h2>{words['failed']}</h2>{notice}{back}", footer="")
    answer.status_code = error.status
    answer.headers.update(error.headers)
    return answer


def _page(lang: Lang, body: str, *, footer: str) -> Response:
    words, style = _words()[lang], _source("page.css")
    page = Template(_source("page.html")).substitute(
        lang=words["lang"],
        title=html.escape(words["title"]),
        style=style,
        other=html.escape(words["other"]),
        other_link=f"./?lang={words['other_lang']}",
        body=body,
        footer=footer,
    )
    return Response(page, media_type=_HTML, headers={"Content-Security-Policy": _policy(style)})


def _policy(style: str) -> str:
    """No script, nothing fetched, and the form goes nowhere but to this service."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    rest = "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    return f"default-src 'none'; style-src 'sha256-{digest}'; {rest}"


def _described(found: Mapping[str, Any]) -> str:
    about = html.escape(found["info"]["description"])
    parts = [f'<p class="lead">{about} <a href="openapi.json">openapi.json</a></p>']
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            head = f"<h2>{method.upper()} {html.escape(path)}</h2>"
            parts.append(f"<article>{head}{''.join(_operation(operation))}</article>")
    return "".join(parts)


def _operation(operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<p>{html.escape(operation.get('description', ''))}</p>"
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"<p class='soft'><code>{html.escape(kind)}</code></p>{_pretty(content.get('example'))}"
    yield "<ul>"
    for status, answer in operation["responses"].items():
        yield f"<li><code>{status}</code> {html.escape(answer['description'])}</li>"
    yield "</ul>"
    done = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    yield _pretty(done.get("example"))


def _pretty(example: object) -> str:
    if example is None:
        return ""
    return f"<pre>{html.escape(json.dumps(example, ensure_ascii=False, indent=2))}</pre>"


@cache
def _source(name: str) -> str:
    return resources.files("inference.serve").joinpath(name).read_text(encoding="utf-8")


@cache
def _words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = tomllib.loads(_source("words.toml"))
    return words
