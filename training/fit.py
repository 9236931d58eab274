"""The training loop: silver first, gold last, the best epoch by record F1 of the dev reports.

`fit` is meant to be read from top to bottom. What surrounds it (reading data, making the model folder) is in
`training.run`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from training.batches import Noise, collate, plan_epoch
from training.config import ScheduleConfig
from training.objective import Objective
from training.states import Position, load_state, read_position, save_state
from training.steps import (
    checked,
    follow,
    lengths_of,
    optimizer_of,
    reseed,
    running_mean,
    set_rates,
    share_of,
    tensors_of,
    top_rate,
)
from zhibiao.tagger.network import TaggerNetwork

if TYPE_CHECKING:
    from accelerate import Accelerator
    from datasets import Dataset

__all__ = ["Hooks", "Phase", "Progress", "Setup", "fit"]

Score = Callable[[TaggerNetwork], Mapping[str, float]]
"""Scores a network on the dev reports; the key `score` decides."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of training on one data set; `rate` is that of the encoder's last layer."""

    name: str
    dataset: Dataset
    epochs: int
    rate: float
    scored: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """One step, for whoever shows it."""

    phase: str
    epoch: int
    step: int
    steps: int
    loss: float
    rate: float
    tokens: int


class Hooks(Protocol):
    """What happens outside the loop: showing, scoring, keeping the best."""

    def on_step(self, progress: Progress) -> None:
        """After each step."""

    def on_epoch(self, phase: str, epoch: int, figures: Mapping[str, float]) -> None:
        """After each epoch, with loss, rate and the dev scores."""

    def keep(self, network: TaggerNetwork) -> None:
        """The network is the best so far."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a run works with. `state` is the file it can be resumed from, by a run of the same `config_id`."""

    schedule: ScheduleConfig
    accelerator: Accelerator
    noise: Noise
    score: Score | None
    hooks: Hooks
    state: Path
    seed: int
    config_id: str
    save_seconds: float = 120.0
    stopped: Callable[[], bool] = lambda: False


def fit(network: TaggerNetwork, phases: Sequence[Phase], setup: Setup, *, resume: bool = False) -> Position:
    """Trains the network in place through all phases; returns where it ended.

    Every figure that the run depends on follows from the seed and from the position, so a run that is resumed
    from its state ends with the same weights as one that was never stopped.
    """
    schedule, accelerator, noise, hooks = setup.schedule, setup.accelerator, setup.noise, setup.hooks
    found = read_position(setup.state, setup.config_id) if resume else None
    at = found or Position(config=setup.config_id)
    restored = at.step > 0 or at.phase > 0 or at.epoch > 0
    objective = Objective(network, link_weight=schedule.link_weight, smoothing=schedule.smoothing)
    wrapped = accelerator.prepare_model(objective)
    mean = running_mean(network, schedule.average)
    saved = time.monotonic()
    for number in range(at.phase, len(phases)):
        phase = phases[number]
        lengths = lengths_of(phase.dataset)
        optimizer = accelerator.prepare_optimizer(optimizer_of(network, phase.rate, schedule))
        if restored:
            load_state(setup.state, network, mean, optimizer.optimizer)
            restored = False
        plans = [plan_epoch(lengths, schedule.tokens, [setup.seed, number, e]) for e in range(phase.epochs)]
        total = sum(map(len, plans))
        for epoch in range(at.epoch, phase.epochs):
            if schedule.patience and at.stale >= schedule.patience:
                break
            network.train()
            for index in range(at.batch, len(plans[epoch])):
                # One batch, one step.
                set_rates(optimizer, at.step, total, schedule.warmup)
                batch = collate(phase.dataset, plans[epoch][index], noise.alphabet.pad)
                noise.apply(batch.ids, batch.mask, [setup.seed, number, epoch, index])
                share = share_of(batch, accelerator.process_index, accelerator.num_processes)
                reseed([setup.seed, number, epoch, index, accelerator.process_index])
                with accelerator.autocast():
                    loss = wrapped(tensors_of(share, accelerator.device), batch.learned, len(batch.targets))
                # DDP takes the mean over processes; the loss is already divided by the whole batch's counts.
                accelerator.backward(loss * accelerator.num_processes)
                norm = accelerator.clip_grad_norm_(network.parameters(), schedule.clip)
                lost = checked(accelerator.reduce(loss.detach(), "sum"), norm, phase, (epoch, index))
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
                follow(mean, network, schedule.average)
                at = replace(at, batch=index + 1, step=at.step + 1, lost=at.lost + lost)
                hooks.on_step(
                    Progress(phase.name, epoch, at.step, total, lost, top_rate(optimizer), batch.tokens)
                )
                if setup.stopped():
                    # Ctrl-C is heard between two steps, so that what is saved is whole.
                    if accelerator.is_main_process:
                        save_state(setup.state, network, mean, optimizer.optimizer, at)
                    raise KeyboardInterrupt
                if time.monotonic() - saved > setup.save_seconds and accelerator.is_main_process:
                    save_state(setup.state, network, mean, optimizer.optimizer, at)
                    saved = time.monotonic()
            # The epoch is done: score it, keep it if it is the best so far, and write everything down.
            figures = {"loss": at.lost / max(1, len(plans[epoch]))}
            if setup.score and phase.scored:
                figures |= setup.score(mean)
            better = "score" not in figures or at.best is None or figures["score"] > at.best
            if better and phase.scored:
                hooks.keep(mean)
            at = replace(
                at,
                epoch=epoch + 1,
                batch=0,
                lost=0.0,
                best=figures.get("score", at.best) if better else at.best,
                stale=0 if better else at.stale + 1,
                history=(*at.history, {"phase": phase.name, "epoch": epoch + 1, **figures}),
            )
            hooks.on_epoch(phase.name, epoch + 1, figures)
            if accelerator.is_main_process:
                save_state(setup.state, network, mean, optimizer.optimizer, at)
                saved = time.monotonic()
        at = at.next_phase()
    return at
