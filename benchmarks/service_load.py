"""How the service answers under load, over the loopback: requests/s and latency at 1, 4, 16 clients; memory.

python -m benchmarks.service_load [--model DIR] [--requests 300] [--memory-requests 10000]

It starts `zhibiao serve` by itself, sends it the fictional reports in data/texts, and ends it again. Clients
are threads of this process with a connection each; on two cores they take a little of what the service could
have. Processor time per request is the service's own and depends less on what else the machine does.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

TEXTS = Path(__file__).parents[1] / "data" / "texts"
CLIENTS = (1, 4, 16)
WARM_UP = 16
SAMPLES = 10
PATIENCE = 300.0
NAMES = (
    "zhibiao_batch_documents_sum",
    "zhibiao_batch_documents_count",
    "zhibiao_characters_total",
    "process_cpu_seconds_total",
)


def main() -> None:
    """Prints a line per number of clients, then one on memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, default=TEXTS, help="a folder of .txt reports")
    parser.add_argument("--model", type=Path, help="a model's directory; rules without")
    parser.add_argument("--requests", type=int, default=300, help="whole reports per number of clients")
    parser.add_argument("--memory-requests", type=int, default=10_000, help="paragraphs; 0 leaves memory out")
    options = parser.parse_args()
    reports = [path.read_text("utf-8") for path in sorted(options.texts.glob("*.txt"))]
    paragraphs = [line for report in reports for line in report.splitlines() if len(line) > 100]
    with service(options.model) as port:
        load(port, reports, WARM_UP, clients=1)
        for clients in CLIENTS:
            print(latency(port, reports, options.requests, clients), flush=True)
        if options.memory_requests:
            print(memory(port, paragraphs, options.memory_requests), flush=True)


@contextmanager
def service(model: Path | None) -> Iterator[int]:
    """`zhibiao serve` on a free port, ready."""
    chosen = ["--model", str(model)] if model else ["--method", "rules"]
    command = [sys.executable, "-m", "zhibiao", "serve", "--port", "0", *chosen]
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stderr=said)
        try:
            yield ready(process, Path(f"/proc/self/fd/{said.fileno()}"))
        finally:
            process.terminate()
            process.wait(PATIENCE)


def ready(process: subprocess.Popen[bytes], said: Path) -> int:
    """The port, once the service says that it is ready."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", said.read_text("utf-8"))
        if found and get(int(found[1]), "/ready")[0] == 200:
            return int(found[1])
        time.sleep(0.1)
    raise SystemExit(f"the service did not start: {said.read_text('utf-8')[-500:]}")


def get(port: int, path: str) -> tuple[int, str]:
    """Status and body."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def metric(port: int, name: str) -> float:
    """A number of the service's own."""
    lines = get(port, "/metrics")[1].splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


@dataclass(frozen=True, slots=True)
class Client:
    """Sends reports one after another over one connection."""

    port: int

    def __call__(self, texts: Sequence[str]) -> list[float]:
        """Seconds of each request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        taken = [self._ask(connection, text) for text in texts]
        connection.close()
        return taken

    def _ask(self, connection: HTTPConnection, text: str) -> float:
        body = json.dumps({"text": text})
        started = time.perf_counter()
        connection.request("POST", "/extract", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"the service answered {answer.status}")
        return time.perf_counter() - started


def load(port: int, texts: Sequence[str], count: int, *, clients: int) -> list[float]:
    """Seconds of `count` requests, spread evenly over the clients."""
    chosen = list(itertools.islice(itertools.cycle(texts), count))
    with ThreadPoolExecutor(clients) as pool:
        return [
            each
            for one in pool.map(Client(port), (chosen[at::clients] for at in range(clients)))
            for each in one
        ]


def latency(port: int, reports: Sequence[str], count: int, clients: int) -> str:
    """A line on throughput, latency and the size of batches."""
    before = [metric(port, name) for name in NAMES]
    started = time.perf_counter()
    seconds = load(port, reports, count, clients=clients)
    took = time.perf_counter() - started
    documents, batches, characters, busy = (
        metric(port, name) - was for name, was in zip(NAMES, before, strict=True)
    )
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    p50, p95, p99 = (cuts[at - 1] * 1000 for at in (50, 95, 99))
    return (
        f"{clients:>2} clients: {len(seconds) / took:.1f} requests/s, {characters / took:,.0f} characters/s, "
        f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms, {documents / batches:.1f} documents a batch, "
        f"{1000 * busy / documents:.1f} ms of processor each"
    )


def memory(port: int, paragraphs: Sequence[str], count: int) -> str:
    """Resident memory after each tenth of the requests; the first tenth fills caches."""
    sizes = []
    started = time.perf_counter()
    for _ in range(SAMPLES):
        load(port, paragraphs, count // SAMPLES, clients=4)
        sizes.append(metric(port, "process_resident_memory_bytes") / 2**20)
    rate = count / (time.perf_counter() - started)
    return (
        f"memory: {sizes[0]:.1f} MiB after {count // SAMPLES:,} requests, "
        f"{sizes[-1]:.1f} MiB after {count:,} (ratio {sizes[-1] / sizes[0]:.3f}, "
        f"highest {max(sizes):.1f}), {rate:.0f} paragraphs/s"
    )


if __name__ == "__main__":
    main()
