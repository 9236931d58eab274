"""The load test runs, small, against a real service, and prints what it promises."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINE = re.compile(
    r" *(\d+) clients: [\d.]+ requests/s, [\d,]+ characters/s, "
    r"p50 (\d+) ms, p95 (\d+) ms, p99 (\d+) ms, ([\d.]+) documents a batch, [\d.]+ ms of processor each"
)


@pytest.mark.slow
def test_it_measures_each_number_of_clients_and_memory() -> None:
    command = [sys.executable, "-m", "benchmarks.service_load", "--requests", "32", "--memory-requests", "40"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    *lines, memory = done.stdout.splitlines()
    found = [LINE.fullmatch(line) for line in lines]
    assert [match and match[1] for match in found] == ["1", "4", "16"]
    for match in found:
        assert match and int(match[2]) <= int(match[3]) <= int(match[4])
    assert found[0] and float(found[0][5]) == 1  # one client waits for each answer
    assert re.match(r"memory: [\d.]+ MiB after 4 requests, [\d.]+ MiB after 40 ", memory)
