"""What the routes share: the settings, the predictor's thread, the readers' threads, the metrics."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from inference.serve.metrics import Metrics
from inference.serve.predicting import Predicting
from inference.serve.settings import Settings
from inference.serve.threads import Threads
from zhibiao.ports import SpanPredictor

__all__ = ["Service"]


class Service:
    """One running service; `create_app` makes it and keeps it in `app.state.service`."""

    def __init__(self, factory: Callable[[], SpanPredictor], settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.threads = Threads()
        self.predicting = Predicting(
            factory, batch_characters=settings.batch_characters, on_batch=self.metrics.count_batch
        )
        self.metrics.waiting.set_function(lambda: self.predicting.waiting)

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[None]:
        """Load the predictor beside the running service; in the end, let its thread finish."""
        self.predicting.start()
        try:
            yield
        finally:
            self.predicting.stop()

    async def loaded(self) -> None:
        """Wait until the predictor is there or has failed."""
        while self.predicting.state == "loading":
            await asyncio.sleep(0.01)
