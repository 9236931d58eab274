"""From a corpus to an adapted encoder in a folder, with what it was made of beside it in `adapted.json`."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from training.provenance import Provenance, SilverSource, provenance_of, provenance_to_json
from zhibiao.batch import Rejected, Task, discover, document_of
from zhibiao.errors import ConfigError, DataError, ZhibiaoError
from zhibiao.schema import Document, GoldReport
from zhibiao.tagger.encoders import BUILT_IN

__all__ = [
    "MANIFEST",
    "AdaptConfig",
    "Adaptation",
    "Figures",
    "Gathered",
    "Job",
    "Summary",
    "adapt_encoder",
    "gather",
]

MANIFEST = "adapted.json"

HELD_OUT = 50_000
"""More characters than this need not be held out."""

LeaveOut = Callable[[Task, Document, Sequence[str]], str | None]
"""Which of the names a report is left out for; None keeps it."""


@dataclass(frozen=True, kw_only=True)
class AdaptConfig:
    """How long and how fast; `share` of the words is hidden, a batch holds up to `tokens` positions."""

    epochs: int = 1
    tokens: int = 2048
    share: float = 0.15
    rate: float = 2e-4
    head_rate: float = 2e-3
    weight_decay: float = 0.01
    warmup: float = 0.06
    clip: float = 1.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """Of hidden characters in held-out text: mean loss in nats, and the share guessed right."""

    loss: float
    right: float
    characters: int


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What came of it. `before` is of a new head that knows no more than how frequent characters are."""

    before: Figures
    after: Figures
    steps: int
    tokens: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to adapt to what. `characters` are read, whole reports; a twentieth of them is held out."""

    inputs: Sequence[str]
    output: Path
    config: AdaptConfig
    source: str = BUILT_IN
    layers: int | None = None
    characters: int = 2_500_000
    window: int = 128
    without: tuple[str, ...] = ()
    why_left_out: LeaveOut = lambda task, document, names: None


@dataclass
class Gathered:
    """What was read: whole reports, either learned or held out; what was left out, by name; what failed."""

    learned: list[Document] = field(default_factory=list)
    held_out: list[Document] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def characters(self) -> int:
        """All that were taken."""
        return sum(len(one.text) for one in (*self.learned, *self.held_out))


@dataclass(frozen=True, slots=True)
class Summary:
    """What was done, for whoever shows it."""

    adaptation: Adaptation
    gathered: Gathered
    encoder: str


def adapt_encoder(job: Job, *, on_step: Callable[[int, int, float, int], None]) -> Summary:
    """Reads the corpus, adapts the encoder, writes it to the output folder at once."""
    from training.adapt import adapt
    from training.masked_text import masked_text
    from zhibiao.tagger.encoders import load_encoder, save_encoder
    from zhibiao.tagger.folders import whole_folder

    if job.output.exists():
        raise ConfigError(f"{job.output}: is there already; name a new folder, or remove it")
    encoder = load_encoder(job.source, layers=job.layers)
    gathered = gather(job)
    learned, held_out = (
        masked_text(documents, encoder.alphabet, window=job.window)
        for documents in (gathered.learned, gathered.held_out)
    )
    with whole_folder(job.output, MANIFEST, replace=False) as folder:
        done = adapt(encoder, learned, held_out, job.config, on_step=on_step)
        save_encoder(encoder, folder)
        stated = _manifest(job, gathered, done, encoder.name)
        (folder / MANIFEST).write_text(json.dumps(stated, ensure_ascii=False, indent=1), "utf-8")
    return Summary(done, gathered, encoder.name)


def gather(job: Job) -> Gathered:
    """Whole reports in an order that the seed decides, until there are characters enough."""
    found = Gathered()
    tasks = list(_tasks(job, found))
    random.Random(job.config.seed).shuffle(tasks)
    held_out = learned = 0
    for task in tasks:
        document = _document(task, job, found)
        if document is None or not document.text.strip():
            continue
        if held_out < min(HELD_OUT, (held_out + learned + 1) / 20):
            found.held_out.append(document)
            held_out += len(document.text)
        else:
            found.learned.append(document)
            learned += len(document.text)
        if held_out + learned >= job.characters and learned:
            break
    if not found.learned or not found.held_out:
        raise DataError(
            f"{', '.join(job.inputs)}: {len(found.held_out)} usable reports, {found.left_out.total()} left "
            f"out, {len(found.failures)} failed; it takes two, one to learn from and one to measure by"
        )
    return found


def _tasks(job: Job, found: Gathered) -> Iterator[Task]:
    for item in discover(job.inputs):
        if isinstance(item, Task):
            yield item
        elif item.failed:
            found.failures.append(_place(item) + item.reason)


def _place(item: Task | Rejected) -> str:
    return f"{item.path}:{item.line}: " if item.line is not None else f"{item.path}: "


def _document(task: Task, job: Job, found: Gathered) -> Document | None:
    try:
        document = document_of(task, {})
    except ZhibiaoError as error:
        found.failures.append(_place(task) + str(error))
        return None
    if name := job.why_left_out(task, document, job.without):
        found.left_out[name] += 1
        return None
    return document


def _manifest(job: Job, gathered: Gathered, done: Adaptation, encoder: str) -> dict[str, object]:
    return {
        "encoder": encoder,
        "layers": job.layers,
        "config": asdict(job.config) | {"window": job.window, "characters_asked": job.characters},
        "characters": gathered.characters(),
        "reports": len(gathered.learned),
        "held_out_reports": [one.id for one in gathered.held_out],
        "left_out": {name: gathered.left_out[name] for name in job.without},
        "failures": gathered.failures,
        "figures": asdict(done),
        "versions": {name: version(name) for name in ("zhibiao", "torch", "transformers")},
        "data": provenance_to_json(_provenance(job, gathered)),
    }


def _provenance(job: Job, gathered: Gathered) -> Provenance:
    """In the form of a model's, so that an evaluation can refuse text that its encoder was adapted to."""
    reports = provenance_of(GoldReport(one, ()) for one in gathered.learned).gold
    digest = sha256("\n".join(sorted(one.sha256 for one in reports)).encode()).hexdigest()
    source = SilverSource(
        ", ".join(Path(name).name for name in job.inputs), digest, tuple(gathered.left_out), reports
    )
    return Provenance((), (source,))
