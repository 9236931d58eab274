"""`zhibiao serve` as a process: its end finishes what it took, its beginning says what is wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
KEY = "a-key-that-nobody-may-read"
BODY = json.dumps({"text": "秘密公园建成3个。"}).encode()
HEAD = (
    "POST /extract HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    f"X-API-Key: {KEY}\r\nContent-Length: {len(BODY)}\r\nConnection: close\r\n\r\n"
)
Until = Callable[[Callable[[], bool]], None]


class Process:
    def __init__(self, folder: Path, *options: str, environment: dict[str, str]) -> None:
        self.log = folder / "serve.log"
        command = [sys.executable, "-m", "zhibiao", "serve", "--method", "rules", "--port", "0"]
        command += ["--timeout", "600", *options]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=output, stdout=output)

    def said(self) -> str:
        return self.log.read_text("utf-8")

    @property
    def port(self) -> int:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self.said())
        return int(found[1]) if found else 0

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers={"X-API-Key": KEY}, timeout=120)

    def answers(self, path: str) -> bool:
        try:
            return self.port > 0 and self.get(path).status_code == 200
        except httpx.TransportError:
            return False

    def connects(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=120).close()
        except OSError:
            return False
        return True


@pytest.fixture
def process(tmp_path: Path, until: Until) -> Iterator[Process]:
    started = Process(tmp_path, environment=os.environ | {"ZHIBIAO_API_KEY": KEY})
    try:
        until(lambda: started.answers("/ready") or started.process.poll() is not None)
        assert started.process.poll() is None, started.said()
        yield started
    finally:
        started.process.kill()
        started.process.wait(120)


def in_flight(process: Process) -> bool:
    return "zhibiao_in_flight 1.0" in process.get("/metrics").text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_it_finishes_what_it_has_taken(number: int, process: Process, until: Until) -> None:
    with socket.create_connection(("127.0.0.1", process.port), timeout=60) as client:
        client.sendall(HEAD.encode() + BODY[:10])
        until(lambda: in_flight(process))
        process.process.send_signal(number)
        until(lambda: not process.connects())
        assert process.process.poll() is None
        client.sendall(BODY[10:])
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["records"]
    assert process.process.wait(60) == 0
    said = process.said()
    assert "POST /extract 200" in said
    assert KEY not in said
    assert "秘密" not in said
    assert "Traceback" not in said


def run(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zhibiao", "serve", *options]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("--method", "rules", "--port", str(port))
    assert done.returncode == 2
    assert f"127.0.0.1:{port}: cannot listen there" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_predictor_that_cannot_be_loaded_ends_the_service() -> None:
    code = (
        "from inference.serve import Settings; from inference.serve.app import create_app;"
        "from inference.serve.server import listen, run; from zhibiao.errors import ConfigError\n"
        "def load(): raise ConfigError('the model is broken')\n"
        "run(create_app(load, Settings()), listen('127.0.0.1', 0))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "ConfigError: the model is broken" in done.stderr


def test_the_package_costs_nothing_until_it_serves() -> None:
    code = "import sys, inference.serve, zhibiao.cli.serve; print(*sys.modules)"
    done: Any = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {"fastapi", "starlette", "uvicorn", "prometheus_client", "pydantic", "torch", "numpy"}
