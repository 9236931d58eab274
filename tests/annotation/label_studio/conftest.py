"""A real Label Studio server on a free port, people who label on it, and a proxy that fails on demand."""

import os
import re
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from typer.testing import CliRunner

from annotation.label_studio import Patience, connect
from zhibiao.cli import build_app

ROOT = Path(__file__).parents[3]
PROGRAM = ROOT / ".venv-label-studio" / "bin" / "label-studio"
PATIENCE = 240
ADMIN = ("admin@example.org", "a-long-passw0rd")
TOKEN = "0123456789abcdef0123456789abcdef01234567"


@dataclass(frozen=True)
class Running:
    url: str
    email: str = ADMIN[0]
    password: str = ADMIN[1]
    token: str = TOKEN


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """The server, started once; its data are gone afterwards.

    With the address of one in $ZHIBIAO_TEST_LABEL_STUDIO that one is used, and the tests start at once.
    """
    if url := os.environ.get("ZHIBIAO_TEST_LABEL_STUDIO"):
        yield Running(url)
        return
    if not PROGRAM.exists():
        pytest.skip(f"{PROGRAM} is missing: make it with `make label-studio`")
    folder = tmp_path_factory.mktemp("label-studio")
    port = free_port()
    command = [PROGRAM, "start", "--no-browser", "--port", str(port), "--internal-host", "127.0.0.1"]
    command += ["--username", ADMIN[0], "--password", ADMIN[1], "--user-token", TOKEN]
    environment = os.environ | {
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder),
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "COLLECT_ANALYTICS": "false",
        # The tests' own backend answers on the loopback.
        "ML_BLOCK_LOCAL_IP": "false",
        "SSRF_PROTECTION_ENABLED": "false",
        # Label Studio gives a backend a second to connect; a busy machine may need more.
        "ML_CONNECTION_TIMEOUT": "60",
        "ML_TIMEOUT_HEALTH": "60",
        "ML_TIMEOUT_SETUP": "60",
        "WEBHOOK_TIMEOUT": "60",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
    }
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_until_healthy(server, f"http://127.0.0.1:{port}", log)
        yield Running(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(30)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_healthy(server, url, log):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/health").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    pytest.fail(f"Label Studio was not healthy after {PATIENCE} s:\n{tail}")


@pytest.fixture
def title():
    """A project of each test's own."""
    return f"岚城试点 {uuid4().hex[:8]}"


@pytest.fixture
def server(running):
    with connect(running.url, running.token, Patience(attempts=3, first_wait=0.05)) as server:
        yield server


@pytest.fixture
def zhibiao(running):
    """Runs `zhibiao annotate` against the server."""

    def run(*arguments, url=running.url, token=running.token):
        environment = {"LABEL_STUDIO_URL": url, "LABEL_STUDIO_API_KEY": token}
        return CliRunner().invoke(build_app(), ["annotate", *map(str, arguments)], env=environment)

    return run


class Person:
    """Somebody who labels, by the requests that the labelling page sends."""

    def __init__(self, url, email, token):
        self.email = email
        self.http = httpx.Client(base_url=url, headers={"Authorization": f"Token {token}"}, timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.close()

    def tasks(self, project):
        """Tasks by the report and where their portion begins."""
        answer = self.http.get("/api/tasks/", params={"project": project, "page_size": 100, "fields": "all"})
        return {(task["data"]["report"], task["data"]["start"]): task for task in answer.json()["tasks"]}

    def predicted(self, task):
        found = self.http.get("/api/predictions/", params={"task": task}).json()
        return max(found, key=lambda prediction: prediction["id"])["result"]

    def submit(self, task, result):
        return self._post(f"/api/tasks/{task}/annotations/", {"result": result, "lead_time": 1})

    def accept(self, task):
        """Submit the predictions as they are."""
        return self.submit(task, self.predicted(task))

    def skip(self, task):
        return self._post(f"/api/tasks/{task}/annotations/", {"result": [], "was_cancelled": True})

    def draft(self, task, result):
        return self._post(f"/api/tasks/{task}/drafts", {"result": result, "lead_time": 1})

    def _post(self, path, body):
        answer = self.http.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.fixture(scope="session")
def anna(running):
    with Person(running.url, running.email, running.token) as person:
        yield person


@pytest.fixture(scope="session")
def bei(running):
    """A second annotator, signed up by the form as people are."""
    email = f"bei-{uuid4().hex[:8]}@example.org"
    with httpx.Client(base_url=running.url, follow_redirects=True, timeout=60) as browser:
        form = browser.get("/user/signup/").text
        crumb = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        fields = {"email": email, "password": ADMIN[1], "csrfmiddlewaretoken": crumb}
        fields["allow_newsletters"] = "false"
        browser.post("/user/signup/", data=fields, headers={"Referer": running.url})
        token = browser.get("/api/current-user/token").json()["token"]
    with Person(running.url, email, token) as person:
        yield person


@dataclass
class Fault:
    """Answers requests whose line holds `where` with `status`, or cuts the connection where that is 0.

    `carried_out` says whether the server gets the request all the same.
    """

    where: str
    status: int
    times: int
    headers: dict[str, str] = field(default_factory=dict)
    carried_out: bool = False
    after: int = 0


@pytest.fixture
def proxy(running):
    """Stands between zhibiao and the server; `proxy.faults` says what it spoils."""
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.target, proxy.faults, proxy.seen = running.url, [], []
    proxy.url = f"http://127.0.0.1:{proxy.server_port}"
    thread = threading.Thread(target=proxy.serve_forever, args=(0.05,))
    thread.start()
    yield proxy
    proxy.shutdown()
    thread.join()
    proxy.server_close()


@pytest.fixture
def fault():
    return Fault


class Handler(BaseHTTPRequestHandler):
    def handle_any(self):
        line = f"{self.command} {self.path}"
        self.server.seen.append(line)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = next((f for f in self.server.faults if f.where in line and f.times > 0), None)
        if fault and fault.after > 0:
            fault.after -= 1
            fault = None
        if fault is None or fault.carried_out:
            answer = self.forward(body)
        if fault is None:
            self.answer(answer.status_code, answer.headers.get("Content-Type", ""), answer.content)
            return
        fault.times -= 1
        if fault.status:
            self.answer(fault.status, "application/json", b'{"detail": "spoiled"}', fault.headers)
        self.close_connection = True

    do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815

    def forward(self, body):
        kept = {k: v for k, v in self.headers.items() if k.lower() in ("authorization", "content-type")}
        with httpx.Client(timeout=60) as client:
            return client.request(self.command, self.server.target + self.path, content=body, headers=kept)

    def answer(self, status, kind, content, headers=None):
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": len(content), **(headers or {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass
