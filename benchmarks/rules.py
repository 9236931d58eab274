"""How fast and how lean the rules are, against public baselines, as ratios in one run.

python -m benchmarks.rules ../shared/corpus/reports_core.jsonl.gz [--part speed|memory|corpus]...
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import itertools
import json
import logging
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SENTENCE = re.compile("[^。！？；\n]+")
PARTS = ("speed", "memory", "corpus")


def main() -> None:
    """Runs the parts asked for, all by default, and prints a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--part", action="append", choices=PARTS)
    options = parser.parse_args()
    for part in options.part or PARTS:
        {"speed": speed, "memory": memory, "corpus": corpus}[part](options.corpus)


def texts(path: Path, count: int) -> list[str]:
    """The texts of the first `count` reports."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in itertools.islice(lines, count)]


def speed(path: Path) -> None:
    """Characters per second of one process: document to JSON lines by rules, against jionlp's money and time.

    The two take turns on the same texts, five rounds after a warm-up; the ratio is the median.
    """
    batch = texts(path, 12)
    sentences = [sentence for text in batch for sentence in SENTENCE.findall(text)]
    size = sum(map(len, batch))
    pairs = [(seconds(rules_on(batch)), seconds(jionlp_on(sentences))) for _ in range(6)][1:]
    ours = size / statistics.median(one for one, _ in pairs)
    theirs = size / statistics.median(other for _, other in pairs)
    ratio = statistics.median(other / one for one, other in pairs)
    print(f"speed: rules {ours:,.0f} characters/s, jionlp money+time {theirs:,.0f}, ratio {ratio:.1f}")


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def rules_on(batch: list[str]) -> Callable[[], int]:
    """Texts to records to JSON lines, as `zhibiao extract` does it in one process."""
    from zhibiao.assemble import assemble
    from zhibiao.documents import build
    from zhibiao.jsonl import dumps, record_to_json
    from zhibiao.rules import RulePredictor

    def work() -> int:
        documents = (build(text, id=str(number)) for number, text in enumerate(batch))
        predictions = RulePredictor().predict(documents)
        return sum(len(dumps(record_to_json(one))) for found in predictions for one in assemble(found))

    return work


def jionlp_on(sentences: list[str]) -> Callable[[], int]:
    """jionlp's own extraction of sums of money and times, sentence by sentence."""
    with contextlib.redirect_stdout(sys.stderr):
        import jionlp
    logging.disable(logging.CRITICAL)  # it logs a traceback for many an ordinary sentence

    def work() -> int:
        found = 0
        for sentence in sentences:
            for extractor in (jionlp.ner.extract_money, jionlp.ner.extract_time):
                with contextlib.suppress(Exception):  # it raises on some ordinary sentences
                    found += len(extractor(sentence))
        return found

    return work


def extract(path: Path, count: int | None, workers: int) -> tuple[float, float]:
    """Wall seconds and peak MiB of the largest process of `zhibiao extract` on the first `count` reports."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder, "reports.jsonl")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            given.write_text("".join(itertools.islice(lines, count)), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "zhibiao",
            "extract",
            str(given),
            "-o",
            str(Path(folder, "out.jsonl")),
        ]
        start = time.perf_counter()
        peak = run([*command, "--method", "rules", "--workers", str(workers), "--quiet"])
        return time.perf_counter() - start, peak


def run(command: list[str]) -> float:
    """Runs a command in a child of its own and returns the peak MiB of its largest process."""
    script = (
        "import subprocess, sys, resource; code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
    )
    child = [sys.executable, "-c", script, *command]
    done = subprocess.run(child, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-500:]}")
    return int(done.stdout) / 1024


def memory(path: Path) -> None:
    """Peak memory of 1,000 reports against 200, two workers."""
    small, large = (extract(path, count, 2)[1] for count in (200, 1000))
    print(f"memory: 200 reports {small:.0f} MiB, 1,000 reports {large:.0f} MiB, ratio {large / small:.2f}")


def corpus(path: Path) -> None:
    """The whole corpus on two processes, file to JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        size = sum(len(json.loads(line)["text"]) for line in lines)
    took, peak = extract(path, None, 2)
    rate = size / took
    print(f"corpus: {size:,} characters in {took:.0f} s on two processes, {rate:,.0f}/s, peak {peak:.0f} MiB")


if __name__ == "__main__":
    main()
