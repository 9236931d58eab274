"""How fast the training loop is, against Hugging Face's Trainer on the same windows, and what comes of it.

python -m benchmarks.training_speed [--steps 48] [--epochs 2] [--encoder e5-small]

Three contestants, each in a process of its own, by turns of a few steps: `zhibiao`, our loop as `zhibiao
train` runs it; `trainer`, as the documentation of transformers has it (fp32, dropout 0.1, sdpa, dynamic
padding); `tuned`, the same in bf16, without dropout, eager, lengths grouped. All learn the same windows of
the shipped reports for as many epochs, in batches of as many windows, with the same rate and warm-up, and are
scored on the same held-out districts by the same code: Trainer's tags with rule assembly, ours with its links
and with rules too.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.turns import finish, pause, take_turns

if TYPE_CHECKING:
    from training.examples import Example
    from zhibiao.schema import GoldReport
    from zhibiao.tagger.encoders import Encoder

DATA = Path(__file__).parents[1] / "data"
CONTESTANTS = ("zhibiao", "trainer", "tuned")
WARM_UP = 3
"""Steps that are not timed; the first turn begins after them, as until then all contestants run at once."""
TURN = 12
"""Steps of a turn: so few that a drifting machine is as fast for all, and enough to get over cold caches."""


@dataclass(frozen=True, slots=True)
class Course:
    """About `steps` steps of up to `tokens` positions, in `epochs` rounds."""

    encoder: str = "e5-small"
    steps: int = 48
    epochs: int = 2
    tokens: int = 2048
    rate: float = 2e-4


@dataclass(frozen=True, slots=True)
class Measured:
    """`tokens` are without padding; `processor` is the time of all threads, which a busy machine spares."""

    tokens: int
    seconds: float
    processor: float
    steps: int
    memory: float
    scores: dict[str, float]

    @property
    def rate(self) -> float:
        """Tokens a second."""
        return self.tokens / self.seconds


@dataclass
class Clock:
    """Adds up steps after the first few, without what happens between two epochs; calls `turn` after some."""

    turn: Callable[[], None] = lambda: None
    tokens: int = 0
    seconds: float = 0.0
    processor: float = 0.0
    steps: int = 0
    _seen: int = 0
    _last: tuple[float, float] | None = field(default=None)

    def tick(self, tokens: int) -> None:
        """A step of so many tokens is done."""
        now = time.perf_counter(), time.process_time()
        self._seen += 1
        if self._last and self._seen > WARM_UP:
            self.steps += 1
            self.tokens += tokens
            self.seconds += now[0] - self._last[0]
            self.processor += now[1] - self._last[1]
        self._last = now
        if self._seen >= WARM_UP and (self._seen - WARM_UP) % TURN == 0:
            self.turn()
            self._last = time.perf_counter(), time.process_time()

    def skip(self) -> None:
        """What follows is no step."""
        self._last = None

    def measured(self, scores: dict[str, float], memory: float) -> Measured:
        """What came of it."""
        return Measured(self.tokens, self.seconds, self.processor, self.steps, memory, scores)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs all contestants and prints a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in asdict(Course()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    parser.add_argument("--contestant", choices=CONTESTANTS, help="run one, told when by standard input")
    options = vars(parser.parse_args(arguments))
    contestant = options.pop("contestant")
    course = Course(**options)
    if contestant:
        finish(json.dumps(asdict(measure(contestant, course, Clock(pause)))))
        return
    told = [f"--{key}={value}" for key, value in asdict(course).items()]
    started = [sys.executable, "-m", "benchmarks.training_speed", *told, "--contestant"]
    results = take_turns({name: [*started, name] for name in CONTESTANTS})
    found = {name: Measured(**json.loads(result)) for name, result in results.items()}
    for name, measured in found.items():
        print(_line(name, measured))
    report(found, course)


def measure(name: str, course: Course, clock: Clock) -> Measured:
    """Trains by one contestant and scores what it has learned."""
    learned, held = reports(course)
    if name == "zhibiao":
        return ours(learned, held, course, clock)
    return trainer(learned, held, course, clock, tuned=name == "tuned")


def reports(course: Course) -> tuple[list[GoldReport], list[GoldReport]]:
    """Shipped reports to learn from, as many as fill an epoch, and those of the test districts."""
    from zhibiao.jsonl import read_gold

    splits = tomllib.loads((DATA / "splits.toml").read_text("utf-8"))
    every = list(read_gold(DATA / "gold.jsonl"))
    held = [one for one in every if one.document.metadata.district in splits["test"]]
    learned: list[GoldReport] = []
    wanted = course.steps // course.epochs * course.tokens
    for one in every:
        if one in held:
            continue
        learned.append(one)
        wanted -= len(one.document.text)
        if wanted <= 0:
            break
    return learned, held


def ours(learned: Sequence[GoldReport], held: Sequence[GoldReport], course: Course, clock: Clock) -> Measured:
    """Our loop through the very function that `zhibiao train` calls."""
    from training.config import config_from_mapping
    from training.fit import Progress
    from training.run import figures_of, train
    from zhibiao.jsonl import write_gold
    from zhibiao.tagger.loading import load_model
    from zhibiao.tagger.predictor import TaggerPredictor

    epochs = [0]

    def on_step(step: Progress) -> None:
        if step.epoch != epochs[-1]:
            clock.skip()
            epochs.append(step.epoch)
        clock.tick(step.tokens)

    with tempfile.TemporaryDirectory() as name:
        gold, model = Path(name) / "gold.jsonl", Path(name) / "model"
        write_gold(gold, learned)
        schedule = {"epochs": course.epochs, "tokens": course.tokens, "learning_rate": course.rate}
        content = {
            "data": {"gold": [str(gold)]},
            "encoder": {"source": course.encoder},
            "schedule": schedule,
            "run": {"output": str(model)},
        }
        train(config_from_mapping(content, "benchmark"), on_step=on_step)
        memory = peak_memory()
        loaded = load_model(model)
        scores = {
            "links": figures_of(held, TaggerPredictor(loaded))["score"],
            "rules": figures_of(held, TaggerPredictor(loaded, linking=False))["score"],
        }
    return clock.measured(scores, memory)


def trainer(
    learned: Sequence[GoldReport], held: Sequence[GoldReport], course: Course, clock: Clock, *, tuned: bool
) -> Measured:
    """Trainer on the same windows; its tags are decoded and assembled by our predictor without links."""
    import torch
    from transformers import AutoModelForTokenClassification, Trainer

    from training.examples import examples_of
    from zhibiao.tagger.encoders import load_encoder
    from zhibiao.tagger.scheme import INDICATORS
    from zhibiao.tagger.windows import WindowPlan

    torch.manual_seed(1)
    encoder, folder = load_encoder(course.encoder), folder_of(course.encoder)
    plan = WindowPlan(limit=encoder.model.config.max_position_embeddings - 2)
    examples = [one for report in learned for one in examples_of(report, encoder.alphabet, plan)]
    dropout = 0.0 if tuned else 0.1
    model = AutoModelForTokenClassification.from_pretrained(
        folder,
        num_labels=len(INDICATORS.tags),
        attn_implementation="eager" if tuned else "sdpa",
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
    ).float()
    tokens: list[int] = []
    with tempfile.TemporaryDirectory() as output:
        Trainer(
            model=model,
            args=_arguments(output, len(examples), examples, course, tuned=tuned),
            train_dataset=_dataset(examples),
            data_collator=_collator(folder, tokens),
            callbacks=[_timer(clock, tokens)],
        ).train()
    memory = peak_memory()
    return clock.measured(_scored(model, encoder, plan, held), memory)


def folder_of(source: str) -> Path:
    """Where an encoder's files are."""
    from zhibiao.tagger.builtin import ensure

    return Path(source) if Path(source).is_dir() else ensure().folder


def _dataset(examples: Sequence[Example]) -> Any:
    from datasets import Dataset

    return Dataset.from_dict(
        {
            "input_ids": [one.ids.tolist() for one in examples],
            "attention_mask": [[1] * len(one.ids) for one in examples],
            "labels": [one.tags.tolist() for one in examples],
        }
    )


def _arguments(output: str, count: int, examples: Sequence[Example], course: Course, *, tuned: bool) -> Any:
    """Batches of as many windows as ours have in the mean."""
    from transformers import TrainingArguments

    batches = max(1, round(sum(len(one.ids) for one in examples) / course.tokens))
    return TrainingArguments(
        output_dir=output,
        per_device_train_batch_size=-(-count // batches),
        num_train_epochs=course.epochs,
        learning_rate=course.rate,
        warmup_steps=batches * course.epochs // 10,
        weight_decay=0.01,
        bf16=tuned,
        train_sampling_strategy="group_by_length" if tuned else "random",
        use_cpu=True,
        dataloader_pin_memory=False,
        save_strategy="no",
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )


def _collator(folder: Path, tokens: list[int]) -> Callable[[Any], Any]:
    from transformers import AutoTokenizer, DataCollatorForTokenClassification

    padded = DataCollatorForTokenClassification(AutoTokenizer.from_pretrained(folder, local_files_only=True))

    def collate(rows: Any) -> Any:
        tokens.append(sum(len(row["input_ids"]) for row in rows))
        return padded(rows)

    return collate


def _timer(clock: Clock, tokens: list[int]) -> Any:
    from transformers import TrainerCallback

    class Timer(TrainerCallback):  # type: ignore[misc]
        """Tells the clock of every step."""

        def on_epoch_begin(self, *_: object, **__: object) -> None:
            clock.skip()

        def on_step_end(self, args: object, state: Any, *_: object, **__: object) -> None:
            clock.tick(tokens[state.global_step - 1])

    return Timer()


def _scored(model: Any, encoder: Encoder, plan: Any, held: Sequence[GoldReport]) -> dict[str, float]:
    import torch

    from training.run import figures_of
    from zhibiao.tagger.checkpoint import model_of, supports_bf16
    from zhibiao.tagger.network import TaggerNetwork
    from zhibiao.tagger.predictor import TaggerPredictor
    from zhibiao.tagger.scheme import INDICATORS
    from zhibiao.tagger.settings import Settings

    network = TaggerNetwork(model.base_model, len(INDICATORS.tags), linking=False)
    network.tags = model.classifier
    settings = Settings(labels=INDICATORS.labels, plan=plan, linking=False)
    bf16 = supports_bf16(torch.device("cpu"))
    tagger = model_of(network, encoder.alphabet, settings, name="model/trainer", bf16=bf16)
    return {"rules": figures_of(held, TaggerPredictor(tagger, linking=False))["score"]}


def peak_memory() -> float:
    """Gigabytes that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def products(hidden: int, inner: int, tokens: int) -> dict[str, float]:
    """GFLOP/s of bf16 matrix products of an encoder's own shapes, each the best of some rounds."""
    import torch

    shapes = [(tokens, hidden, hidden), (tokens, hidden, inner), (tokens, inner, hidden)]
    return {"×".join(map(str, shape)): _product(torch.bfloat16, *shape) for shape in shapes}


def _product(kind: Any, rows: int, inner: int, columns: int) -> float:
    import torch

    left, right = torch.randn(rows, inner).to(kind), torch.randn(inner, columns).to(kind)
    best = float("inf")
    for _ in range(30):
        start = time.perf_counter()
        for _ in range(5):
            left @ right
        best = min(best, (time.perf_counter() - start) / 5)
    return 2 * rows * inner * columns / best / 1e9


def _line(name: str, one: Measured) -> str:
    scores = ", ".join(f"{value:.3f} with {kind}" for kind, value in one.scores.items())
    return (
        f"{name}: {one.rate:,.0f} tokens/s, {one.tokens / one.processor:,.0f} a processor second "
        f"({one.steps} steps timed), peak {one.memory:.2f} GB, strict F1 {scores}"
    )


def report(found: dict[str, Measured], course: Course) -> None:
    """Prints the ratios, and how near the loop comes to the machine's own products."""
    from zhibiao.tagger.encoders import load_encoder

    mine = found["zhibiao"]
    for name in ("trainer", "tuned"):
        other = found[name]
        spared = (mine.tokens / mine.processor) / (other.tokens / other.processor)
        print(f"zhibiao / {name}: {mine.rate / other.rate:.2f} by the clock, {spared:.2f} by processor time")
    config = load_encoder(course.encoder).model.config
    hidden, inner, layers = config.hidden_size, config.intermediate_size, config.num_hidden_layers
    rates = products(hidden, inner, course.tokens)
    # Forward once and backward twice; attention, heads and everything between the products count as nothing.
    work = 6 * layers * (4 * hidden * hidden + 2 * hidden * inner)
    reached = mine.rate * work / 1e9
    told = ", ".join(f"{shape}: {rate:,.0f}" for shape, rate in rates.items())
    print(f"bf16 products, GFLOP/s: {told}; the loop's own products: {reached:,.0f}")
    print(f"share of the best product: {reached / max(rates.values()):.0%}")


if __name__ == "__main__":
    main()
