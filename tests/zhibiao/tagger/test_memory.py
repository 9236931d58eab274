"""Memory that torch frees stays with the process: the next batch need not fetch it from the system."""

import subprocess
import sys

import pytest

from zhibiao.tagger.memory import keep_freed_memory

STEPS = """
import resource, sys
import torch
from zhibiao.tagger.memory import keep_freed_memory

kept = sys.argv[1] == "kept" and keep_freed_memory()

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    held = [torch.ones(size << 18) for size in (1, 3, 9, 20) * 6]
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

print(int(kept), *[faults() for _ in range(6)])
"""


def _run(how: str) -> list[int]:
    done = subprocess.run([sys.executable, "-c", STEPS, how], capture_output=True, text=True, check=True)
    return [int(number) for number in done.stdout.split()]


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's setting")
def test_what_a_step_frees_the_next_one_finds_again():
    kept, *faults = _run("kept")
    if not kept:
        pytest.skip("a libc without mallopt")
    _, *given_back = _run("as it is")
    # 198 MiB are 50,000 pages of 4 kiB, which the first step fetches in any case.
    assert sum(given_back[1:]) > 40_000
    assert sum(faults[1:]) < sum(given_back[1:]) / 5
    assert faults[-1] == 0


def test_a_system_without_glibc_is_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert keep_freed_memory() is False
