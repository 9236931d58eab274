"""`--engine ray` on a real cluster of this machine: same bytes as on one, whatever dies meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from inference.distributed import BLOCK
from zhibiao.batch import manifest_path

REPORTS = 10 * BLOCK
COMMON = ["--num-cpus=1", "--object-store-memory=100000000", "--disable-usage-stats"]
PROGRAMS = Path(__file__).parents[1] / "programs"


pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def corpus(tmp_path: Path, report: str) -> Path:
    path = tmp_path / "corpus.jsonl"
    entries = ({"id": f"r{n}", "text": report.replace("12.5", f"{n}.5")} for n in range(REPORTS))
    path.write_text("\n".join(map(json.dumps, entries)))
    return path


@pytest.fixture
def run(obedient, corpus: Path, tmp_path: Path) -> Callable[..., list[object]]:
    """The words of a run of the corpus into a folder of its own."""

    def words(folder: str, *arguments: object) -> list[object]:
        output = tmp_path / folder / "records.jsonl"
        return ["extract", corpus, "-o", output, "--method", "rules", "--quiet", *arguments]

    return words


class Node:
    """A node of a cluster: all its processes are one group, that they can be killed together."""

    def __init__(self, name: str, orders: Path, arguments: list[str]) -> None:
        environment = {
            **os.environ,
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_AUTH_MODE": "disabled",
            "PYTHONPATH": str(PROGRAMS),
            "ORDERS": str(orders),
            "NODE": name,
        }
        ray = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", *COMMON]
        self._path = orders / f"log-{name}"
        self._log = self._path.open("w")
        self._process = subprocess.Popen(
            [*ray, *arguments],
            env=environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def is_up(self) -> bool:
        return "Ray runtime started" in self._path.read_text()

    @property
    def is_gone(self) -> bool:
        return self._process.poll() is not None

    def kill(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._log.close()


@contextmanager
def _node(name: str, orders: Path, wait_for: Callable, arguments: list[str]) -> Iterator[Node]:
    """A node that is up. Ray gives itself 30 seconds for that: on a busy machine it may need another try."""
    node = _tried(name, orders, wait_for, arguments)
    for _ in range(3):
        if not node.is_up:
            node = _tried(name, orders, wait_for, arguments)
    try:
        assert node.is_up, f"Ray does not start, see {orders / f'log-{name}'}"
        yield node
    finally:
        node.kill()


def _tried(name: str, orders: Path, wait_for: Callable, arguments: list[str]) -> Node:
    node = Node(name, orders, arguments)
    try:
        wait_for(lambda: node.is_up or node.is_gone)
    finally:
        if not node.is_up:
            node.kill()
    return node


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def cluster(obedient, wait_for) -> Iterator[tuple[str, Node]]:
    """The address of a cluster of two nodes, each with a processor, and the second node."""
    # Ray's sockets stand in its folder, and their paths must be short.
    port, folder = _free_port(), Path(f"/tmp/zb-ray-{os.getpid()}")
    address = f"127.0.0.1:{port}"
    head = ["--head", f"--port={port}", "--include-dashboard=false", f"--temp-dir={folder}"]
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.enter_context(_node("head", obedient.orders, wait_for, head))
        joining = [f"--address={address}"]
        yield address, stack.enter_context(_node("second", obedient.orders, wait_for, joining))


@pytest.mark.ray
def test_a_node_that_dies_at_work_costs_nothing_and_repeats_only_what_it_had_not_given(
    cluster: tuple[str, Node], obedient, run, rows_of, wait_for, tmp_path: Path
) -> None:
    address, second = cluster
    # Each node does a block and half of another, and then waits.
    for node in ("head", "second"):
        (obedient.orders / f"hold-node-{node}").write_text(str(BLOCK + 5))
    manifest = manifest_path(tmp_path / "ray" / "records.jsonl")
    command = run("ray", "--engine", "ray", "--address", address, "--workers", 2)
    with obedient.running(*command) as process:
        wait_for(lambda: all(len(obedient.begun(node)) == BLOCK + 5 for node in ("head", "second")))
        wait_for(lambda: len(rows_of(manifest)) == 2 * BLOCK)
        given = set(rows_of(manifest))
        second.kill()
        lost = [id for id in obedient.begun("second") if id not in given]
        assert len(lost) == 5
        obedient.release()
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    assert rows_of(manifest) == {f"r{n}": "done" for n in range(REPORTS)}
    begun = Counter(obedient.begun("head") + obedient.begun("second"))
    repeated = {id for id, times in begun.items() if times > 1}
    # A process of the dead node may still begin the rest of its block before it hears that it is dead.
    first = min(int(id.removeprefix("r")) for id in lost)
    assert set(lost) <= repeated <= {f"r{n}" for n in range(first, first + BLOCK)}
    assert not repeated & given
    assert obedient.run(*run("local", "--workers", 1)).returncode == 0
    ray, local = (tmp_path / folder / "records.jsonl" for folder in ("ray", "local"))
    assert ray.read_bytes() == local.read_bytes()


@pytest.mark.ray
def test_on_this_machine_as_by_processes_quarantine_and_resume_too(
    obedient, run, rows_of, tmp_path: Path
) -> None:
    obedient.die_at("r11")
    for folder, engine in (("ray", "ray"), ("local", "local")):
        assert obedient.run(*run(folder, "--engine", engine, "--workers", 2)).returncode == 3
    ray, local = (tmp_path / folder / "records.jsonl" for folder in ("ray", "local"))
    assert ray.read_bytes() == local.read_bytes()
    rows = rows_of(manifest_path(ray))
    assert rows == rows_of(manifest_path(local))
    assert [id for id, status in rows.items() if status != "done"] == ["r11"]
    assert Counter(obedient.begun())["r11"] == 4
    (obedient.orders / "die-r11").unlink()
    again = run("ray", "--engine", "ray", "--resume", "--retry-quarantined", "--json")
    done = json.loads(obedient.run(*again).stdout)["documents"]
    assert (done["done"], done["kept"]) == (REPORTS, REPORTS - 1)


WITHOUT = """
import sys
sys.modules["ray"] = None
from zhibiao.cli import main
main()
"""


@pytest.mark.slow
def test_a_missing_extra_is_named(run) -> None:
    words = [*map(str, run("out", "--engine", "ray"))]
    done = subprocess.run([sys.executable, "-c", WITHOUT, *words], capture_output=True, text=True)
    assert done.returncode == 2
    assert "pip install 'zhibiao[ray]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_local_engine_has_no_address(extract: Callable, corpus: Path) -> None:
    refused = extract(corpus, "--address", "127.0.0.1:6379")
    assert (refused.code, "only with --engine ray" in refused.stderr) == (2, True)


SILENT = """
import sys
import inference.distributed, inference.extract, zhibiao.cli.extract
assert "ray" not in sys.modules
from inference.distributed import _ray
_ray()
from ray._common.usage.usage_lib import usage_stats_enabled
assert not usage_stats_enabled()
"""


@pytest.mark.ray
def test_ray_is_imported_only_when_it_is_asked_for_and_then_reports_to_nobody() -> None:
    environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "1"}
    subprocess.run([sys.executable, "-c", SILENT], check=True, env=environment)
