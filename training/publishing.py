"""A finished model folder put in its place at once, with what was told of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from zhibiao.errors import ConfigError
from zhibiao.files import unwritable, whole_file
from zhibiao.tagger.settings import is_model

__all__ = ["TOLD", "check_output", "publish", "read_told"]

TOLD = "training.json"


def check_output(output: Path) -> None:
    """ConfigError where a model cannot become `output`; asked before an hour is spent on it."""
    if not output.name:
        raise ConfigError(
            f"run.output is {str(output)!r}, which has no name; name a folder like models/latest"
        )
    if output.is_dir() and any(output.iterdir()) and not is_model(output):
        raise ConfigError(f"{output}: a folder that holds no model; choose another run.output")
    if output.exists() and not output.is_dir():
        raise ConfigError(f"{output}: a file; a model is a folder, choose another run.output")


def publish(source: Path, output: Path, told: Mapping[str, object]) -> None:
    """Copies the model at `source` to `output`; an earlier model there is replaced, nothing else is."""
    fresh = output.with_name(f".{output.name}.new")
    old = output.with_name(f".{output.name}.old")
    try:
        for leftover in (fresh, old):
            shutil.rmtree(leftover, ignore_errors=True)
        shutil.copytree(source, fresh)
        with whole_file(fresh / TOLD) as partial:
            partial.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        check_output(output)
        if output.exists():
            output.rename(old)
        fresh.rename(output)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise unwritable(output, error) from error


def read_told(folder: Path) -> dict[str, object]:
    """What was told of a model; ConfigError where nothing was."""
    path = folder / TOLD
    try:
        told: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{path}: cannot be read ({error}); the model does not say how it was made"
        ) from error
    return told
