"""A training run from config to model folder: `train(config)`.

The run keeps its state, its best and its last weights and its TensorBoard events in `OUTPUT.run/`; the best
weights become `OUTPUT` when the run is over, and not before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from training.batches import Noise
from training.card import write_card
from training.config import EncoderConfig, TrainConfig
from training.evaluate import evaluate
from training.examples import examples_of, to_dataset
from training.fit import Phase, Progress, Setup, fit
from training.heritage import inherited, joined
from training.interrupts import deferred_interrupt
from training.learning import Lessons, checksums, read_lessons
from training.plain import PlainLessons, plain_dataset, plain_figures
from training.provenance import Provenance, provenance_of, provenance_to_json, silver_source
from training.publishing import check_output, publish
from training.states import Position
from training.temperatures import calibrated
from training.watching import Watcher
from zhibiao.errors import ConfigError, DataError
from zhibiao.schema import GoldReport
from zhibiao.tagger.attention import LEAN, Attention
from zhibiao.tagger.checkpoint import load_network, model_of, save_network, supports_bf16
from zhibiao.tagger.encoders import load_encoder
from zhibiao.tagger.network import TaggerNetwork
from zhibiao.tagger.predictor import TaggerPredictor
from zhibiao.tagger.scheme import INDICATORS
from zhibiao.tagger.settings import Settings
from zhibiao.tagger.windows import WindowPlan

if TYPE_CHECKING:
    from accelerate import Accelerator
    from datasets import Dataset

    from zhibiao.tagger.alphabet import Alphabet

__all__ = ["Result", "figures_of", "train"]


@dataclass(frozen=True, slots=True)
class Result:
    """Where the model is, what the run has seen, and its figures epoch by epoch."""

    output: Path
    lessons: Lessons
    position: Position


@dataclass(frozen=True)
class _Parts:
    """What a run is put together from."""

    network: TaggerNetwork
    alphabet: Alphabet
    settings: Settings
    encoder: str


def train(
    config: TrainConfig, *, resume: bool = False, on_step: Callable[[Progress], None] = lambda _: None
) -> Result:
    """Trains by the config and writes the model folder."""
    if config.run.threads:
        torch.set_num_threads(config.run.threads)
    check_output(config.run.output)
    torch.manual_seed(config.run.seed)
    accelerator = _accelerator(config)
    lessons = read_lessons(config.data, config.run.seed)
    parts = _parts(config, lessons.plain)
    earlier = inherited(config, lessons.held)
    sums = checksums(config.data)
    folder = config.run.output.with_name(config.run.output.name + ".run")
    keeper = Watcher(
        folder, parts.alphabet, parts.settings, config, on_step, main=accelerator.is_main_process
    )
    with keeper, deferred_interrupt() as stopped:
        setup = Setup(
            schedule=config.schedule,
            accelerator=accelerator,
            noise=Noise(parts.alphabet, config.schedule.digit_noise, config.schedule.mask_noise),
            score=_scorer(lessons, parts, bf16=accelerator.mixed_precision == "bf16"),
            hooks=keeper,
            state=folder / "state.safetensors",
            seed=config.run.seed,
            config_id=_identity(config, sums),
            save_seconds=config.run.save_seconds,
            stopped=stopped,
        )
        position = fit(parts.network, _phases(config, lessons, parts), setup, resume=resume)
    if accelerator.is_main_process:
        save_network(folder / "last", parts.network, parts.alphabet, parts.settings)
        calibrated(folder / "best", lessons.dev)
        seen = joined(_seen(config, lessons), earlier)
        told = _told(config, lessons, position, parts, sums)
        told["data"] = provenance_to_json(seen)
        publish(folder / "best", config.run.output, told)
        write_card(config.run.output)
    accelerator.wait_for_everyone()
    return Result(config.run.output, lessons, position)


def _accelerator(config: TrainConfig) -> Accelerator:
    from accelerate import Accelerator
    from accelerate.state import AcceleratorState, PartialState

    # Accelerate keeps one precision for the whole process; a second run may want another.
    AcceleratorState._reset_state()
    wanted = config.run.precision
    bf16 = wanted == "bf16" or (wanted == "auto" and supports_bf16(PartialState().device))
    return Accelerator(mixed_precision="bf16" if bf16 else "no")


def _parts(config: TrainConfig, plain: PlainLessons | None) -> _Parts:
    """Network and alphabet: from the model that the run starts from, or around a bare encoder."""
    labels = plain.labels if plain else INDICATORS.labels
    chosen = config.encoder
    attention = _attention(chosen)
    if chosen.start is not None:
        network, alphabet, settings = load_network(chosen.start, attention=attention, dropout=chosen.dropout)
        if settings.labels != labels:
            raise ConfigError(
                f"encoder.start: {chosen.start} has the labels {', '.join(settings.labels)}, the data have "
                f"{', '.join(labels)}; start from a model of the same labels, or leave it out"
            )
        return _Parts(
            network, alphabet, replace(settings, temperature=1.0, link_temperature=1.0), str(chosen.start)
        )
    encoder = load_encoder(
        chosen.source, layers=chosen.layers or None, attention=attention, dropout=chosen.dropout
    )
    size = min(config.windows.size, encoder.limit)
    plan = WindowPlan(size=size, context=config.windows.context, limit=encoder.limit, gated=plain is None)
    settings = Settings(labels=labels, plan=plan, linking=plain is None)
    network = TaggerNetwork(encoder.model, len(settings.scheme.tags), linking=settings.linking)
    return _Parts(network, encoder.alphabet, settings, encoder.name)


def _attention(chosen: EncoderConfig) -> Attention:
    """On a CPU the masked backward pass of sdpa costs more than it saves; on a GPU it is the faster one."""
    if chosen.attention != "auto":
        return chosen.attention
    return "sdpa" if torch.cuda.is_available() else LEAN


def _phases(config: TrainConfig, lessons: Lessons, parts: _Parts) -> list[Phase]:
    schedule, data = config.schedule, config.data
    if lessons.plain:
        texts = plain_dataset(lessons.plain.train, parts.alphabet, parts.settings)
        return [Phase("gold", texts, schedule.epochs, schedule.learning_rate)]
    phases = []
    if lessons.silver.reports and schedule.silver_epochs:
        silver = _dataset(lessons.silver.reports, parts, data.silver_confidence, "silver")
        only = not (lessons.train and schedule.epochs)
        phases.append(Phase("silver", silver, schedule.silver_epochs, schedule.silver_rate, scored=only))
    if lessons.train and schedule.epochs:
        gold = _dataset(lessons.train, parts, 0.0, "gold")
        phases.append(Phase("gold", gold, schedule.epochs, schedule.learning_rate))
    if not phases:
        raise DataError("nothing to learn: no gold is left outside dev and hold_out, and there is no silver")
    return phases


def _dataset(reports: Iterable[GoldReport], parts: _Parts, confidence: float, what: str) -> Dataset:
    examples = [
        example
        for report in reports
        for example in examples_of(report, parts.alphabet, parts.settings.plan, confidence=confidence)
    ]
    if not examples:
        raise DataError(f"no sentence of the {what} reports holds a numeral: there is nothing to learn from")
    return to_dataset(examples)


def _scorer(
    lessons: Lessons, parts: _Parts, *, bf16: bool
) -> Callable[[TaggerNetwork], Mapping[str, float]] | None:
    """Scores a network through the decode path that production runs."""
    dev, plain = lessons.dev, lessons.plain
    if not (plain.dev if plain else dev):
        return None

    def score(network: TaggerNetwork) -> Mapping[str, float]:
        model = model_of(network, parts.alphabet, parts.settings, name="model/in training", bf16=bf16)
        if plain:
            return plain_figures(plain.dev, model)
        return figures_of(dev, TaggerPredictor(model))

    return score


def figures_of(reports: Sequence[GoldReport], predictor: TaggerPredictor) -> dict[str, float]:
    """Strict record F1 as `score`, and what explains it."""
    whole = evaluate(reports, predictor).whole()
    spans = {f"span_{label or 'all'}": counts.f1 for label, counts in whole.spans.strict.items()}
    return {"score": whole.records.strict.f1, "relaxed": whole.records.relaxed.f1, **spans}


def _identity(config: TrainConfig, sums: Mapping[str, str]) -> str:
    """Changes with all that decides the weights: config (but for where they are put) and data."""
    told = config.to_json()
    for name in ("output", "save_seconds", "mlflow"):
        told["run"].pop(name)
    content = json.dumps([told, sums], sort_keys=True)
    return sha256(content.encode()).hexdigest()[:16]


def _told(
    config: TrainConfig, lessons: Lessons, position: Position, parts: _Parts, sums: Mapping[str, str]
) -> dict[str, object]:
    from training.versions import commit, versions

    plain = lessons.plain
    return {
        "config": config.to_json(),
        "encoder": parts.encoder,
        "labels": list(parts.settings.labels),
        "history": list(position.history),
        "best": position.best,
        "reports": {
            "train": len(lessons.train),
            "dev": len(lessons.dev),
            "silver": len(lessons.silver.reports),
        },
        "records": {"train": sum(len(one.records) for one in lessons.train)},
        "sentences": {"train": len(plain.train), "dev": len(plain.dev)} if plain else None,
        "silver_characters": lessons.silver.characters,
        "checksums": dict(sums),
        "commit": commit(),
        "versions": versions(),
    }


def _seen(config: TrainConfig, lessons: Lessons) -> Provenance:
    """Dev reports count: they chose the epoch."""
    silver = []
    if config.data.silver is not None and lessons.silver.reports:
        names = [*config.data.dev, *config.data.hold_out]
        silver = [silver_source(config.data.silver, lessons.silver.reports, left_out=names)]
    return provenance_of([*lessons.train, *lessons.dev], silver=silver)
