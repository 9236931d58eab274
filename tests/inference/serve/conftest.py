"""Services on free ports of the loopback, whole: uvicorn, application, predictor's thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from annotation.label_studio.backend import PreAnnotator
from inference.serve import Settings
from inference.serve.app import create_app
from inference.serve.example import EXAMPLE
from inference.serve.server import listen
from inference.serve.service import Service
from zhibiao.rules import RulePredictor
from zhibiao.schema import Document, Prediction

PATIENCE = 120.0


class Held:
    """The rules, but for documents with the word 等等 they wait until released; it keeps each batch's ids."""

    def __init__(self) -> None:
        self.released = threading.Event()
        self.reached = threading.Event()
        self.batches: list[list[str]] = []
        self._rules = RulePredictor()

    @property
    def name(self) -> str:
        return self._rules.name

    def predict(self, documents: Iterable[Document]) -> Iterator[Prediction]:
        batch = list(documents)
        if batch[0].text != EXAMPLE:
            self.batches.append([document.id for document in batch])
        for document in batch:
            if "等等" in document.text:
                self.reached.set()
                assert self.released.wait(PATIENCE)
        yield from self._rules.predict(batch)


class Fussy:
    """The rules, but they fall over documents with the word 坏的, and say what they fell over."""

    name = "fussy"

    def predict(self, documents: Iterable[Document]) -> Iterator[Prediction]:
        for document in documents:
            if "坏的" in document.text:
                raise ValueError(f"cannot read {document.text}")
            yield from RulePredictor().predict([document])


class Running:
    """A service that runs, and a client of it."""

    def __init__(self, service: Service, url: str, client: httpx.Client) -> None:
        self.service = service
        self.url = url
        self.client = client

    def extract(self, text: str, **more: Any) -> httpx.Response:
        return self.client.post("/extract", json={"text": text, **more})

    def alive(self) -> bool:
        return self.client.get("/health").status_code == 200

    def metric(self, name: str) -> float:
        lines = self.client.get("/metrics").text.splitlines()
        return next(float(line.split()[-1]) for line in lines if line.startswith(f"{name} "))


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.005)


@contextmanager
def running(
    factory: Callable[[], Any], settings: Settings, *, wait: bool = True, **more: Any
) -> Iterator[Running]:
    app = create_app(factory, settings, **more)
    listening = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        with httpx.Client(base_url=url, timeout=PATIENCE) as client:
            if wait:
                wait_until(lambda: client.get("/ready").status_code == 200)
            yield Running(app.state.service, url, client)
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        listening.close()


Serve = Callable[..., Running]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a service of the test's own: `serve(factory, timeout=1.0, ...)`."""
    with ExitStack() as stack:

        def start(factory: Callable[[], Any] = RulePredictor, *, wait: bool = True, **limits: Any) -> Running:
            more = {"pre_annotator": limits.pop("pre_annotator", None)}
            return stack.enter_context(running(factory, Settings(**limits), wait=wait, **more))

        yield start


@pytest.fixture(scope="session")
def rules() -> Iterator[Running]:
    """A service of the rules that tests share."""
    with running(RulePredictor, Settings(max_bytes=1 << 20, max_reports=3)) as found:
        yield found


@pytest.fixture(scope="session")
def everything() -> Iterator[Running]:
    """A service of the rules with the endpoints for Label Studio."""
    with running(RulePredictor, Settings(), pre_annotator=PreAnnotator()) as found:
        yield found


@pytest.fixture
def held() -> Iterator[Held]:
    held = Held()
    yield held
    held.released.set()


@pytest.fixture
def fussy() -> type[Fussy]:
    return Fussy


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    return wait_until
