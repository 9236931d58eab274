"""How fast a model reads, against transformers' own pipeline, in one run on the same checkpoint and texts.

python -m benchmarks.inference_speed MODEL ../shared/corpus/reports_core.jsonl.gz [--exported DIR]...
    [--reports N] [--rounds N] [--part speed|cold|products|memory|processes]...

MODEL is a folder in torch, every DIR one that `zhibiao export` made of it.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhibiao.documents import build
from zhibiao.jsonl import read_gold
from zhibiao.schema import Document, Label, Span
from zhibiao.scoring import gold_spans
from zhibiao.tagger.loading import ModelFactory
from zhibiao.tagger.settings import read_settings

PARTS = ("speed", "cold", "products", "memory", "processes")
CHARACTERS = 2000
ROUNDS = 3
BATCHES = (1, 8, 32)
GOLD = Path(__file__).parents[1] / "data" / "gold.jsonl"


def main() -> None:
    """Runs the parts asked for, all by default, and prints a line for each figure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--exported", type=Path, action="append", default=[])
    parser.add_argument("--reports", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--part", action="append", choices=PARTS)
    options = parser.parse_args()
    for part in options.part or PARTS:
        {
            "speed": speed,
            "cold": cold,
            "products": products,
            "memory": memory,
            "processes": processes,
        }[part](options)


def documents(path: Path, count: int) -> list[Document]:
    """The first characters of the first reports."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"][:CHARACTERS] for line in itertools.islice(lines, count)]
    return [build(text, id=str(number)) for number, text in enumerate(texts)]


def speed(options: argparse.Namespace) -> None:
    """Characters per second from documents to spans (ours also to links), in turns; the median counts."""
    batch = documents(options.corpus, options.reports)
    size = sum(len(document.text) for document in batch)
    works: dict[str, Callable[[], list[set[Span]]]] = {
        str(folder): reader(folder, batch) for folder in (options.model, *options.exported)
    }
    sample = batch[: max(2, len(batch) // 10)]
    theirs = {shape.name: pipeline(options.model, shape, sample) for shape in shapes(options.model)}
    for name, tagger in theirs.items():
        works[name] = lambda tagger=tagger: [tagger(document) for document in batch]
    found = {name: work() for name, work in works.items()}
    right = scores([options.model, *options.exported], theirs)
    taken: dict[str, list[Taken]] = {name: [] for name in works}
    for _ in range(options.rounds):
        for name, work in works.items():
            taken[name].append(measured(work))
    for name in works:
        wall, processor = (
            statistics.median(b[which] / a[which] for a, b in zip(taken[name], taken[PIPELINE], strict=True))
            for which in (0, 1)
        )
        print(
            f"speed: {name}: {size / statistics.median(wall for wall, _ in taken[name]):,.0f} characters/s, "
            f"{wall:.1f} × the pipeline ({processor:.1f} × by processor time), "
            f"span agreement with torch {agreement(found[name], found[str(options.model)]):.4f}, "
            f"span F1 on the shipped gold {right[name]:.4f}",
            flush=True,
        )


Taken = tuple[float, float]
"""Wall seconds, and seconds of all processors together, which other work on the machine disturbs less."""


def measured(work: Callable[[], object]) -> Taken:
    """What one call takes."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def reader(folder: Path, batch: Sequence[Document]) -> Callable[[], list[set[Span]]]:
    """All documents through a model of ours; YEARs, which the grammar finds, are not compared."""
    predictor = ModelFactory(folder)()
    return lambda: [
        {plain(span) for span in prediction.spans if span.label is not Label.YEAR}
        for prediction in predictor.predict(batch)
    ]


def plain(span: Span) -> Span:
    """Without its score."""
    return Span(span.start, span.end, span.label)


def agreement(left: Sequence[set[Span]], right: Sequence[set[Span]]) -> float:
    """F1 of the spans of one against those of the other."""
    same = sum(len(a & b) for a, b in zip(left, right, strict=True))
    return 2 * same / max(1, sum(map(len, left)) + sum(map(len, right)))


PIPELINE = "pipeline"


@dataclass(frozen=True)
class Shape:
    """How the pipeline cuts a text: windows of `positions`, `stride` of them shared with the one before."""

    name: str
    positions: int
    stride: int


def shapes(folder: Path) -> tuple[Shape, Shape]:
    """As long as the encoder reads, as its documentation would have it; and as long as the model learned."""
    plan = read_settings(folder).plan
    return (
        Shape(PIPELINE, plan.limit + 2, 128),
        Shape(f"{PIPELINE} in our windows", plan.size + 2 * plan.context + 2, 2 * plan.context),
    )


def scores(
    folders: Sequence[Path], theirs: Mapping[str, Callable[[Document], set[Span]]]
) -> dict[str, float]:
    """F1 of the spans on the shipped gold; YEARs aside."""
    gold = list(read_gold(GOLD))
    documents = [report.document for report in gold]
    wanted = [{plain(span) for span in gold_spans(report) if span.label is not Label.YEAR} for report in gold]
    found = {str(folder): reader(folder, documents)() for folder in folders}
    found |= {name: [tagger(document) for document in documents] for name, tagger in theirs.items()}
    return {name: agreement(one, wanted) for name, one in found.items()}


def pipeline(folder: Path, shape: Shape, sample: Sequence[Document]) -> Callable[[Document], set[Span]]:
    """transformers' token classification in fp32 with overlapping windows, at its best batch size."""
    import transformers

    with tempfile.TemporaryDirectory() as place:
        save_for_the_hub(folder, Path(place), shape.positions)
        made = {
            size: transformers.pipeline(
                "token-classification",
                model=place,
                aggregation_strategy="simple",
                stride=shape.stride,
                batch_size=size,
                device="cpu",
            )
            for size in BATCHES
        }
    seconds = {size: timed(lambda size=size: [spans(made[size], one) for one in sample]) for size in made}
    best = min(seconds, key=seconds.__getitem__)
    print(f"speed: {shape.name}: the best batch size is {best} of {', '.join(map(str, BATCHES))}", flush=True)
    return lambda document: spans(made[best], document)


def timed(work: Callable[[], object]) -> float:
    """Wall seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def spans(tagger: Any, document: Document) -> set[Span]:
    """What the pipeline marks in a document, but for YEARs."""
    return {
        Span(one["start"], one["end"], Label(one["entity_group"]))
        for one in tagger(document.text)
        if one["entity_group"] != Label.YEAR
    }


def save_for_the_hub(folder: Path, place: Path, positions: int) -> None:
    """The encoder and the BIO head of a model as any token classifier of transformers."""
    import torch
    from transformers import AutoModelForTokenClassification

    from zhibiao.tagger.checkpoint import load_network

    network, alphabet, settings = load_network(folder)
    tags = ["O", *(f"{mark}-{label}" for label in settings.labels for mark in "BI")]
    config = network.encoder.config
    config.num_labels = len(tags)
    config.id2label, config.label2id = dict(enumerate(tags)), {tag: n for n, tag in enumerate(tags)}
    model = AutoModelForTokenClassification.from_config(config)
    getattr(model, model.base_model_prefix).load_state_dict(network.encoder.state_dict())
    with torch.no_grad():
        model.classifier.weight.copy_(network.tags.weight)
        model.classifier.bias.copy_(network.tags.bias)
    model.save_pretrained(place)
    alphabet.save(place)
    config_path = place / "tokenizer_config.json"
    stated = json.loads(config_path.read_text("utf-8"))
    config_path.write_text(json.dumps(stated | {"model_max_length": positions}), "utf-8")


def cold(options: argparse.Namespace) -> None:
    """Seconds from a command typed to all records of one report written, a new process each time."""
    [document] = documents(options.corpus, 1)
    for folder in (options.model, *options.exported):
        with tempfile.TemporaryDirectory() as place:
            report = Path(place) / "report.txt"
            report.write_text(document.text, "utf-8")
            command = [sys.executable, "-c", FIRST_RECORD, str(report), str(folder)]
            runs = [timed(lambda command=command: subprocess.run(command, check=True)) for _ in range(3)]
            whole = [*COMMAND, str(report), "-o", f"{place}/records.jsonl", "--model", str(folder), "--quiet"]
            tool = [timed(lambda whole=whole: subprocess.run(whole, check=True)) for _ in range(3)]
        print(
            f"cold: {folder}: first record after {min(runs):.2f} s (best of {len(runs)}), "
            f"`zhibiao extract` done after {min(tool):.2f} s",
            flush=True,
        )


FIRST_RECORD = """
import sys, zhibiao
next(iter(zhibiao.extract([zhibiao.read(sys.argv[1])], zhibiao.load_predictor(sys.argv[2]))))
"""
COMMAND = (sys.executable, "-m", "zhibiao", "extract")


def products(options: argparse.Namespace) -> None:
    """The share of the best product at the model's own shapes that a pass through the encoder reaches."""
    import torch

    from zhibiao.tagger.checkpoint import load_network, supports_bf16

    config = load_network(options.model)[0].encoder.config
    width, inner, rows = config.hidden_size, config.intermediate_size, 32 * 128
    per_row = 2 * config.num_hidden_layers * (4 * width * width + 2 * width * inner)
    kind = torch.bfloat16 if supports_bf16(torch.device("cpu")) else torch.float32
    best = max(rate(torch, kind, rows, *shape) for shape in ((width, width), (width, inner), (inner, width)))
    print(f"products: best {kind} product at {rows} rows {best / 1e9:,.0f} GFLOP/s", flush=True)
    import numpy as np

    ids = np.random.default_rng(1).integers(5, config.vocab_size, (32, 128))
    for folder in (options.model, *options.exported):
        engine = loaded_engine(folder)
        engine(ids, np.ones_like(ids))
        seconds = min(
            timed(lambda engine=engine: engine(ids, np.ones_like(ids))) for _ in range(options.rounds)
        )
        reached = rows * per_row / seconds
        print(f"products: {folder}: {reached / 1e9:,.0f} GFLOP/s, {reached / best:.0%} of it", flush=True)


def loaded_engine(folder: Path) -> Callable[..., object]:
    """The engine alone, without windows and decoding."""
    from zhibiao.tagger.loading import load_model

    return load_model(folder).engine


def rate(torch: Any, kind: Any, rows: int, inner: int, columns: int) -> float:
    """Operations per second of one product, the best of some."""
    left, right = torch.randn(rows, inner, dtype=kind), torch.randn(inner, columns, dtype=kind)
    taken = [timed(lambda: left @ right) for _ in range(12)]
    return 2 * rows * inner * columns / min(taken)


def memory(options: argparse.Namespace) -> None:
    """Peak memory over ten times as many reports, in processes of their own."""
    for folder in (options.model, *options.exported):
        few, many = (peak(folder, options.corpus, count) for count in (options.reports, 10 * options.reports))
        print(
            f"memory: {folder}: {few:,.0f} MB at {options.reports} reports, {many:,.0f} MB at "
            f"{10 * options.reports}, ratio {many / few:.2f}",
            flush=True,
        )


def peak(folder: Path, corpus: Path, count: int) -> float:
    """Peak resident megabytes of a process that reads so many reports."""
    done = subprocess.run(
        [sys.executable, "-c", STREAM, str(folder), str(corpus), str(count)],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout.split()[-1])


STREAM = """
import gzip, itertools, json, resource, sys
from pathlib import Path
import zhibiao
from zhibiao.documents import build
def documents():
    # Not `cycle`, which would keep every line it has read.
    lines = itertools.chain.from_iterable(
        gzip.open(sys.argv[2], "rt", encoding="utf-8") for _ in itertools.count()
    )
    for n, line in zip(range(int(sys.argv[3])), lines):
        yield build(json.loads(line)["text"][:2000], id=str(n))
for _ in zhibiao.extract(documents(), zhibiao.load_predictor(sys.argv[1])):
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def processes(options: argparse.Namespace) -> None:
    """Two single-threaded processes against one, over the same reports each."""
    for folder in (options.model, *options.exported):
        with streaming(folder, options, 1) as alone:
            one = alone()
        with streaming(folder, options, 2) as together:
            two = together()
        print(f"processes: {folder}: two do {2 * one / two:.2f} times the work of one", flush=True)


@contextlib.contextmanager
def streaming(folder: Path, options: argparse.Namespace, count: int) -> Iterator[Callable[[], float]]:
    """Seconds that so many processes need together, each for all reports, once all have loaded the model."""
    command = [sys.executable, "-c", WAITING, str(folder), str(options.corpus), str(options.reports)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(count)
    ]

    def work() -> float:
        for one in started:
            one.stdout.readline()
        began = time.perf_counter()
        for one in started:
            one.stdin.write("go\n")
            one.stdin.close()
        for one in started:
            one.wait()
        return time.perf_counter() - began

    try:
        yield work
    finally:
        for one in started:
            one.kill()
            one.wait()


WAITING = """
import sys
from pathlib import Path
from benchmarks.inference_speed import documents, reader
batch = documents(Path(sys.argv[2]), int(sys.argv[3]))
work = reader(Path(sys.argv[1]), batch)
print("ready", flush=True)
sys.stdin.readline()
work()
"""


if __name__ == "__main__":
    main()
