"""What a run learns from and what it is scored on: gold parted by group, and a sample of the silver."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from training.config import DataConfig
from training.plain import PlainLessons, read_plain
from zhibiao.errors import ConfigError, DataError
from zhibiao.jsonl import gold_report_from_json, read_gold
from zhibiao.jsonl.gold import gold_files
from zhibiao.jsonl.lines import parse_line
from zhibiao.schema import GoldReport

__all__ = ["Lessons", "Silver", "checksums", "read_lessons"]


@dataclass(frozen=True, slots=True)
class Silver:
    """Reports drawn from a silver file; `refused` are those that name a held-out or dev group."""

    reports: tuple[GoldReport, ...]
    characters: int
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lessons:
    """`train` is learned, `dev` chooses the epoch, `held` is left for a score that nobody has tuned on.

    Plain tagging has `plain` in their place.
    """

    train: tuple[GoldReport, ...]
    dev: tuple[GoldReport, ...]
    held: tuple[GoldReport, ...]
    silver: Silver
    plain: PlainLessons | None = None


def read_lessons(data: DataConfig, seed: int) -> Lessons:
    """Reads and parts the data; ConfigError where a name in `dev` or `hold_out` is no report's."""
    if data.format != "gold":
        return Lessons((), (), (), Silver((), 0, ()), read_plain(data))
    reports = [report for path in data.gold for report in read_gold(path)]
    groups = {id(report): group_of(report, data.group) for report in reports}
    _refuse_unknown(data, set(groups.values()))
    train = [one for one in reports if groups[id(one)] not in {*data.dev, *data.hold_out}]
    return Lessons(
        train=_first(train, data.reports, seed),
        dev=tuple(one for one in reports if groups[id(one)] in data.dev),
        held=tuple(one for one in reports if groups[id(one)] in data.hold_out),
        silver=_silver(data, seed),
    )


def _first(reports: list[GoldReport], count: int, seed: int) -> tuple[GoldReport, ...]:
    """So many reports in an order of the seed: a larger count takes the same ones and some more."""
    if not count:
        return tuple(reports)
    if count > len(reports):
        raise ConfigError(f"data.reports is {count}, but only {len(reports)} are there to learn from")
    return tuple(random.Random(seed).sample(reports, len(reports))[:count])


def group_of(report: GoldReport, field: str) -> str:
    """The district, city, publisher or id that a report belongs to."""
    found = report.document.id if field == "id" else getattr(report.document.metadata, field)
    return str(found)


def _refuse_unknown(data: DataConfig, known: set[str]) -> None:
    unknown = sorted({*data.dev, *data.hold_out} - known)
    if unknown:
        raise ConfigError(
            f"no report of the gold has the {data.group} {', '.join(unknown)}; "
            f"it has {', '.join(sorted(known))}"
        )


def _silver(data: DataConfig, seed: int) -> Silver:
    """Reports in an order that the seed decides, until `silver_characters` are reached."""
    if data.silver is None or data.silver_characters == 0:
        return Silver((), 0, ())
    barred = tuple(name.removesuffix("市").removesuffix("省") for name in (*data.dev, *data.hold_out))
    chosen: list[GoldReport] = []
    refused: list[str] = []
    size = 0
    for report in _drawn(data.silver, seed):
        if _names(report, barred):
            refused.append(report.document.id)
            continue
        if size + len(report.document.text) > data.silver_characters:
            break
        size += len(report.document.text)
        chosen.append(report)
    if not chosen:
        raise DataError(
            f"{data.silver}: no silver report fits into {data.silver_characters} characters; raise "
            "data.silver_characters, or make silver with `zhibiao annotate silver`"
        )
    return Silver(tuple(chosen), size, tuple(refused))


def _drawn(path: Path, seed: int) -> Iterator[GoldReport]:
    """The lines of a file in random order, without holding more than one of them."""
    try:
        with path.open("rb") as file:
            starts = [0]
            for line in file:
                starts.append(starts[-1] + len(line))
            order = list(range(len(starts) - 1))
            random.Random(seed).shuffle(order)
            for number in order:
                file.seek(starts[number])
                where = f"{path}:{number + 1}"
                told = parse_line(file.readline().decode("utf-8"), where)
                yield gold_report_from_json(told, path.parent, where)
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path}: cannot be read as silver ({error}); make it with `zhibiao annotate silver`"
        ) from error


def _names(report: GoldReport, names: Sequence[str]) -> bool:
    """Whether a report is of one of the places."""
    metadata = report.document.metadata
    fields: Iterable[object] = (
        report.document.id,
        metadata.title,
        metadata.publisher,
        metadata.district,
        metadata.city,
        report.extra.get("region"),
    )
    return any(name in field for field in fields if isinstance(field, str) for name in names)


def checksums(data: DataConfig) -> dict[str, str]:
    """The sha256 of every file that the run reads, by its name."""
    files = [file for path in data.gold for file in ([path] if data.format != "gold" else gold_files(path))]
    files += list(data.dev_files)
    if data.silver is not None and data.silver_characters:
        files.append(data.silver)
    return {str(file): _sha256(file) for file in files}


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
