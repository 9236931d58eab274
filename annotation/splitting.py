"""Splits by district: which groups of reports are for training, development and test.

zhibiao data split data/gold.jsonl --by district --dev 2 --test 4 -o data/splits.toml
"""

from __future__ import annotations

import json
import random
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from zhibiao.errors import ConfigError, DataError
from zhibiao.files import whole_file
from zhibiao.schema import GoldReport

__all__ = ["PARTS", "Splits", "group_of", "read_splits", "split", "write_splits"]

PARTS = ("train", "dev", "test")
GROUPS = ("district", "publisher", "city")

_HEAD = "# Whole groups are split, never reports: a report of a held-out group is unseen in every way.\n"


@dataclass(frozen=True, slots=True)
class Splits:
    """The names of the groups in each part; `group_by` is the metadata that names them, `source` the file."""

    group_by: str
    parts: Mapping[str, tuple[str, ...]]
    source: str = "splits"

    def part_of(self, group: str | None) -> str | None:
        """The first part that lists a group."""
        return next((part for part in PARTS if group in self.parts[part]), None)


def group_of(report: GoldReport, group_by: str) -> str | None:
    """The report's district, publisher or city."""
    value: str | None = getattr(report.document.metadata, group_by)
    return value


def split(
    reports: Iterable[GoldReport], group_by: str = "district", *, dev: int, test: int, seed: int = 0
) -> Splits:
    """Draws `dev` and `test` groups by `seed`; the rest is for training. Names stand in order."""
    names = _names(reports, group_by)
    if min(dev, test) < 0 or dev + test >= len(names):
        raise ConfigError(
            f"{len(names)} groups by {group_by}, {dev} for dev and {test} for test: "
            "none is left for training; ask for fewer"
        )
    drawn = random.Random(seed).sample(sorted(names), dev + test)
    parts = {"dev": drawn[:dev], "test": drawn[dev:], "train": sorted(set(names) - set(drawn))}
    return Splits(group_by, {part: tuple(sorted(parts[part])) for part in PARTS})


def _names(reports: Iterable[GoldReport], group_by: str) -> Counter[str]:
    if group_by not in GROUPS:
        raise ConfigError(f"cannot split by {group_by}; give one of {', '.join(GROUPS)}")
    names: Counter[str] = Counter()
    for report in reports:
        name = group_of(report, group_by)
        if name is None:
            raise DataError(
                f"{report.document.id}: no {group_by}; state it in the gold before splitting by it"
            )
        names[name] += 1
    return names


def write_splits(path: Path, splits: Splits) -> None:
    """As TOML that people can edit."""
    lines = [_HEAD, f"group_by = {json.dumps(splits.group_by)}\n"]
    lines += [f"{part} = {json.dumps(list(splits.parts[part]), ensure_ascii=False)}\n" for part in PARTS]
    with whole_file(path) as partial:
        partial.write_text("".join(lines), encoding="utf-8")


def read_splits(path: Path) -> Splits:
    """The splits of a file; unknown keys are errors."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{path}: no splits can be read ({error}); write them with `zhibiao data split`"
        ) from error
    if odd := set(table) ^ {"group_by", *PARTS}:
        raise ConfigError(
            f"{path}: {sorted(odd)} is missing or unknown; the keys are group_by, {', '.join(PARTS)}"
        )
    if table["group_by"] not in GROUPS:
        raise ConfigError(f"{path}: group_by is {table['group_by']!r}; give one of {', '.join(GROUPS)}")
    for part in PARTS:
        if not isinstance(table[part], list) or not all(isinstance(name, str) for name in table[part]):
            raise ConfigError(f"{path}: {part} must be a list of names")
    return Splits(table["group_by"], {part: tuple(table[part]) for part in PARTS}, str(path))
