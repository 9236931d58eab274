"""What Prometheus is told, in a registry of the application's own: two applications never share a number."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

__all__ = ["CONTENT_TYPE_LATEST", "Metrics"]

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_DOCUMENTS = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """Counters of one application. No label ever holds what a client chose freely."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "zhibiao_requests", "Requests answered.", ("method", "path", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "zhibiao_request_seconds",
            "Seconds from request to answer.",
            ("path",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.in_flight = Gauge("zhibiao_in_flight", "Requests at work.", registry=self.registry)
        self.waiting = Gauge(
            "zhibiao_waiting", "Documents that wait for the predictor.", registry=self.registry
        )
        self._batches = Histogram(
            "zhibiao_batch_documents",
            "Documents predicted together.",
            buckets=_DOCUMENTS,
            registry=self.registry,
        )
        self._characters = Counter(
            "zhibiao_characters", "Characters handed to the predictor.", registry=self.registry
        )
        self._annotations = Counter(
            "zhibiao_label_studio_events", "Events that Label Studio told of.", registry=self.registry
        )

    def count_request(self, method: str, path: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(method, path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def count_batch(self, documents: int, characters: int) -> None:
        """A batch goes to the predictor."""
        self._batches.observe(documents)
        self._characters.inc(characters)

    def count_event(self) -> None:
        """Label Studio told of an event."""
        self._annotations.inc()

    def text(self) -> bytes:
        """All of it in Prometheus' format."""
        return generate_latest(self.registry)
