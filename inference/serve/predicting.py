"""One thread that owns the predictor; documents that wait while it works make up its next batch.

No clock is involved: a lone request is predicted at once, and the busier the service, the larger the batches.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from inference.serve.example import EXAMPLE
from inference.serve.refusals import RefusedError
from inference.serve.threads import deliver
from zhibiao.documents import build
from zhibiao.errors import SchemaError
from zhibiao.ports import SpanPredictor
from zhibiao.schema import Document, Prediction

__all__ = ["Predicting", "State"]

T = TypeVar("T")

Finish = Callable[[Prediction, str], T]
"""What is made of a prediction, in the predictor's thread; it is told the predictor's name too."""


class State(StrEnum):
    """How far the predictor is."""

    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class _Job:
    document: Document
    finish: Finish[Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


class Predicting:
    """Loads the predictor in its thread, then predicts what is submitted until it is stopped."""

    def __init__(
        self,
        factory: Callable[[], SpanPredictor],
        *,
        batch_characters: int,
        on_batch: Callable[[int, int], None] = lambda documents, characters: None,
    ) -> None:
        self.state = State.LOADING
        self.name: str | None = None
        self.failure: Exception | None = None
        self.on_failure: Callable[[], None] = lambda: None
        self._factory = factory
        self._batch_characters = batch_characters
        self._on_batch = on_batch
        self._jobs: deque[_Job] = deque()
        self._changed = threading.Condition()

    def start(self) -> None:
        """Begin to load; ready is what has predicted the example, so that nobody's first request is slow."""
        threading.Thread(target=self._run, daemon=True, name="zhibiao-predictor").start()

    def stop(self) -> None:
        """End the thread once it has done what was submitted."""
        with self._changed:
            if self.state is not State.FAILED:
                self.state = State.STOPPED
            self._changed.notify()

    @property
    def waiting(self) -> int:
        """Documents that are in no batch yet."""
        return len(self._jobs)

    async def submit(self, document: Document, finish: Finish[T]) -> T:
        """What `finish` makes of the document's prediction; RefusedError while there is no predictor."""
        self.check_ready()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._changed:
            self._jobs.append(_Job(document, finish, future, loop))
            self._changed.notify()
        return await future

    def check_ready(self) -> None:
        """RefusedError unless documents can be submitted."""
        if self.state is State.LOADING:
            raise RefusedError.come_again("the model is still being loaded; come again", seconds=2)
        if self.state is not State.READY:
            raise RefusedError.come_again("the service is going down; ask another, or later", seconds=5)

    def _run(self) -> None:
        try:
            predictor = self._factory()
            name = predictor.name
            deque(predictor.predict([build(EXAMPLE, id="example")]), maxlen=0)
        except Exception as error:  # noqa: BLE001 - told to whoever started the service, which then ends
            self.failure, self.state = error, State.FAILED
            self.on_failure()
            return
        with self._changed:
            self.name = name
            if self.state is State.LOADING:
                self.state = State.READY
        while jobs := self._next_batch():
            self._predict(predictor, jobs)

    def _next_batch(self) -> list[_Job]:
        """What waits, up to the size of a batch; empty when all is done and the service stops."""
        with self._changed:
            while not self._jobs and self.state is State.READY:
                self._changed.wait()
            batch: list[_Job] = []
            size = 0
            while self._jobs and (
                not batch or size + len(self._jobs[0].document.text) <= self._batch_characters
            ):
                batch.append(self._jobs.popleft())
                size += len(batch[-1].document.text)
            return batch

    def _predict(self, predictor: SpanPredictor, batch: Sequence[_Job]) -> None:
        """Answers as they come; where the predictor fails, those without one are tried alone."""
        jobs = [job for job in batch if not job.future.done()]  # who timed out is not waiting any more
        if not jobs:
            return
        self._on_batch(len(jobs), sum(len(job.document.text) for job in jobs))
        answered = 0
        try:
            for job, prediction in zip(jobs, _predictions(predictor, jobs), strict=True):
                self._answer(predictor.name, job, prediction)
                answered += 1
        except Exception as error:  # noqa: BLE001 - one document's failure must not cost the others
            self._after_failure(predictor, jobs[answered:], error)

    def _after_failure(self, predictor: SpanPredictor, jobs: Sequence[_Job], error: Exception) -> None:
        if len(jobs) == 1:
            _fail(jobs[0], error)
            return
        for job in jobs:
            self._predict(predictor, [job])

    @staticmethod
    def _answer(name: str, job: _Job, prediction: Prediction) -> None:
        deliver(job.loop, job.future, lambda: job.finish(prediction, name))


def _predictions(predictor: SpanPredictor, jobs: Sequence[_Job]) -> Iterator[Prediction]:
    for job, prediction in zip(jobs, predictor.predict([job.document for job in jobs]), strict=True):
        if prediction.document is not job.document and prediction.document != job.document:
            raise SchemaError(f"{predictor.name} gave a prediction that belongs to another document")
        yield prediction


def _fail(job: _Job, error: Exception) -> None:
    def work() -> None:
        raise error

    deliver(job.loop, job.future, work)
