"""What happens around the loop: progress, TensorBoard events, MLflow if asked for, the best weights."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from training.config import TrainConfig
from training.fit import Progress
from zhibiao.errors import MissingDependencyError
from zhibiao.files import unwritable
from zhibiao.tagger.checkpoint import save_network
from zhibiao.tagger.network import TaggerNetwork
from zhibiao.tagger.settings import Settings

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

    from zhibiao.tagger.alphabet import Alphabet

__all__ = ["Watcher"]

_EVERY = 10
"""Steps between two points of a curve."""


class Watcher:
    """The hooks of a run; of several processes only the main one writes."""

    def __init__(
        self,
        folder: Path,
        alphabet: Alphabet,
        settings: Settings,
        config: TrainConfig,
        on_step: Callable[[Progress], None],
        *,
        main: bool,
    ) -> None:
        self._folder = folder
        self._alphabet = alphabet
        self._settings = settings
        self._config = config
        self._show = on_step
        self._main = main
        self._steps = 0
        self._events: SummaryWriter | None = None
        self._mlflow: Any = None

    def __enter__(self) -> Watcher:
        if self._main:
            from torch.utils.tensorboard import SummaryWriter

            with self._writing():
                self._events = SummaryWriter(str(self._folder / "events"))
            self._mlflow = _mlflow(self._config) if self._config.run.mlflow else None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._events:
            # A full disk has told its story already, where there is one.
            with suppress(OSError) if error else self._writing():
                self._events.close()
        if self._mlflow:
            self._mlflow.end_run("FINISHED" if error is None else "FAILED")

    def on_step(self, progress: Progress) -> None:
        """Shows the step; every few of them become points of the curves."""
        self._steps += 1
        if self._main:
            self._show(progress)
        if self._steps % _EVERY == 0:
            self._log({"loss": progress.loss, "rate": progress.rate}, progress.phase, progress.step)

    def on_epoch(self, phase: str, epoch: int, figures: Mapping[str, float]) -> None:
        """Writes the epoch's figures."""
        self._log(figures, f"{phase}-epoch", epoch)

    def _log(self, figures: Mapping[str, float], group: str, step: int) -> None:
        named = {f"{group}/{name}": value for name, value in figures.items()}
        if self._events:
            with self._writing():
                for name, value in named.items():
                    self._events.add_scalar(name, value, step)
        if self._mlflow:
            self._mlflow.log_metrics(named, step=step)

    def keep(self, network: TaggerNetwork) -> None:
        """Puts the weights into `best/`, whole or not at all."""
        if not self._main:
            return
        fresh, best = self._folder / "best.new", self._folder / "best"
        with self._writing():
            shutil.rmtree(fresh, ignore_errors=True)
            save_network(fresh, network, self._alphabet, self._settings)
            shutil.rmtree(best, ignore_errors=True)
            fresh.rename(best)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise unwritable(self._folder, error) from error


def _mlflow(config: TrainConfig) -> Any:
    """An MLflow run with the config as its parameters; where it goes is MLflow's own setting."""
    try:
        import mlflow
    except ImportError as error:
        raise MissingDependencyError(
            "run.mlflow = true needs MLflow; pip install 'zhibiao[mlflow]'"
        ) from error
    mlflow.set_experiment("zhibiao")
    mlflow.start_run(run_name=config.run.output.name)
    told = config.to_json()
    mlflow.log_params({f"{part}.{key}": value for part, held in told.items() for key, value in held.items()})
    return mlflow
