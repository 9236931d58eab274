"""A trained model to a folder that runs without torch: `export(source, output, gold)`.

The new folder is made beside its place, held against the original on gold, and put there only when it passes.
"""

from __future__ import annotations

import json
import logging
import shutil
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from inference.parity import Parity, compare, demand
from inference.quantise import Feeds, quantise
from zhibiao.errors import ConfigError, MissingDependencyError
from zhibiao.files import whole_file
from zhibiao.schema import Document, GoldReport
from zhibiao.tagger.exported import ENGINES, INPUTS, LINKS, OUTPUTS, load_exported_model
from zhibiao.tagger.folders import whole_folder
from zhibiao.tagger.loading import ModelFactory
from zhibiao.tagger.predictor import Engine, Floats, Ids, TaggerPredictor
from zhibiao.tagger.settings import SETTINGS, is_model, read_settings, weights_name, write_settings
from zhibiao.version import __version__

if TYPE_CHECKING:
    from zhibiao.tagger.network import TaggerNetwork

__all__ = ["TOLD", "Exported", "Maker", "Recipe", "export"]

TOLD = "export.json"
"""What was told of an export: what it was made from, and how the gate was passed."""

WEIGHTS = "model.onnx"
_COPIED = ("training.json", "README.md")
_SAMPLES = 12
"""So many batches measure the scales of int8."""

Maker = Callable[[Path, Path, Sequence[GoldReport]], None]
"""Writes the model at the first path into the second, an empty folder."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Where the new model is, and how it compares."""

    folder: Path
    parity: Parity
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """The Maker of exports: `engine` is `onnx` (onnxruntime) or `openvino`, `int8` the kind of products."""

    engine: str = "onnx"
    int8: bool = False

    def __call__(self, source: Path, target: Path, gold: Sequence[GoldReport]) -> None:
        """The scales of int8 are measured on the texts of `gold`."""
        _write_folder(source, target, self.engine)
        if self.int8:
            samples = islice(_inputs(target, (report.document for report in gold)), _SAMPLES)
            with whole_file(target / WEIGHTS) as partial:
                quantise(target / WEIGHTS, partial, samples)


def export(source: Path, output: Path, gold: Sequence[GoldReport], *, make: Maker) -> Exported:
    """Publishes the model at `source` as `output`, through the gate; an earlier model there is replaced.

    ParityError where the export loses records: nothing is written then.
    """
    _check(source, output)
    with whole_folder(output, SETTINGS, replace=True) as fresh:
        try:
            make(source, fresh, gold)
        except MissingDependencyError:
            raise
        except ImportError as error:
            raise MissingDependencyError(
                f"exporting needs {error.name}; pip install 'zhibiao[train,export]'"
            ) from error
        before = ModelFactory(source, precision="fp32")()
        parity = compare(gold, before, TaggerPredictor(load_exported_model(fresh)))
        demand(parity)
        _tell(fresh, before.name, parity)
        size = sum(file.stat().st_size for file in fresh.iterdir())
    return Exported(output, parity, size)


def _check(source: Path, output: Path) -> None:
    if output.resolve() == source.resolve():
        raise ConfigError(f"{output}: is the model itself; name another folder with -o")
    if output.exists() and not output.is_dir():
        raise ConfigError(f"{output}: is a file; name a folder with -o")
    if output.is_dir() and any(output.iterdir()) and not is_model(output):
        raise ConfigError(f"{output}: a folder that holds no model; name another one with -o")


def _write_folder(source: Path, target: Path, engine: str) -> None:
    from safetensors.numpy import save_file

    from zhibiao.tagger.checkpoint import load_network, model_of

    network, alphabet, settings = load_network(source, attention="eager")
    name = weights_name(source, settings)
    _write_graph(network, target / WEIGHTS, limit=settings.plan.limit + 2, name=name)
    if links := model_of(network, alphabet, settings, name=name, bf16=False).links:
        save_file(links.tensors(), target / LINKS)
    alphabet.save(target)
    for file in _COPIED:
        if (source / file).is_file():
            shutil.copy2(source / file, target / file)
    write_settings(target, replace(settings, engine=engine, weights=WEIGHTS))


def _write_graph(network: TaggerNetwork, target: Path, *, limit: int, name: str) -> None:
    """By torch's exporter. The name of the model is kept inside: other links make another model."""
    import torch

    ids = torch.full((2, min(16, limit)), 5)
    shape = {0: torch.export.Dim("batch", min=1), 1: torch.export.Dim("length", min=2, max=limit)}
    with _silence(), torch.inference_mode():
        program = torch.onnx.export(
            network,
            (ids, torch.ones_like(ids)),
            dynamo=True,
            dynamic_shapes={"ids": shape, "mask": shape},
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            external_data=False,
            verbose=False,
        )
    if program is None:
        raise ConfigError(f"{target}: torch gave no graph; use the torch version of constraints.txt")
    program.model.metadata_props["source"] = name
    program.save(target)


@contextmanager
def _silence() -> Iterator[None]:
    """The exporter warns of its own innards, and of libraries that nobody here needs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)


def _inputs(folder: Path, documents: Iterable[Document]) -> Iterator[Feeds]:
    """What the predictor would feed to the engine for these documents, batch by batch."""
    model = load_exported_model(folder)
    watching = _Watching(model.engine, [])
    predictor = TaggerPredictor(replace(model, engine=watching))
    for _ in predictor.find(documents):
        yield from watching.fed
        watching.fed.clear()


@dataclass(frozen=True, slots=True)
class _Watching:
    """An engine that remembers what it was fed."""

    engine: Engine
    fed: list[Feeds]

    def __call__(self, ids: Ids, mask: Ids) -> tuple[Floats, Floats]:
        self.fed.append(dict(zip(INPUTS, (ids, mask), strict=True)))
        return self.engine(ids, mask)


def _tell(folder: Path, source: str, parity: Parity) -> None:
    settings = read_settings(folder)
    package, _ = ENGINES[settings.engine]
    told = {
        "source": source,
        "model": weights_name(folder, settings),
        "parity": asdict(parity),
        "versions": {"zhibiao": __version__, "torch": version("torch"), package: version(package)},
    }
    with whole_file(folder / TOLD) as partial:
        partial.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
