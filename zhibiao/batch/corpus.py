"""JSONL of reports: one object a line with its text, as in gold, documents and corpora.

Metadata keys are those of gold. A corpus may say `region`, `level` and `year` instead: a region of level
`city` is a city, of level `district` a district, and `year` is the year of the sitting, except for a
statistical communiqué (a `level` that ends in `communique`), where it is the year described.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from zhibiao.errors import DataError, ReadError
from zhibiao.schema import Finding

__all__ = ["SUFFIXES", "entries", "is_corpus", "metadata_of"]

SUFFIXES = (".jsonl", ".jsonl.gz")

_TEXTS = ("title", "publisher", "district", "city", "index_number", "published")
_YEARS = ("report_year", "plan_year", "sitting_year")
_REMEDY = "repair the line; each needs a JSON object with a string `text`"


def is_corpus(path: Path) -> bool:
    """Whether the name says JSONL, plain or gzipped."""
    return path.name.lower().endswith(SUFFIXES)


def entries(path: Path) -> Iterator[tuple[int, Mapping[str, object] | DataError]]:
    """Line number and entry, streamed; a line that cannot be used comes as its error and ends nothing."""
    opener = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        with opener(path, "rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _entry(line, f"{path}:{number}")
    except (OSError, EOFError, zlib.error) as error:
        finding = getattr(error, "strerror", None) or str(error)
        raise ReadError(path, f"cannot be read: {finding}", "check the file and its permissions") from error


def _entry(line: bytes, place: str) -> Mapping[str, object] | DataError:
    try:
        entry = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return DataError(f"{place}: not UTF-8 ({error.reason} at byte {error.start}); {_REMEDY}")
    except (ValueError, RecursionError) as error:
        return DataError(f"{place}: not JSON ({error}); {_REMEDY}")
    if not isinstance(entry, dict):
        return DataError(f"{place}: a JSON {type(entry).__name__}, not an object; {_REMEDY}")
    if not isinstance(entry.get("text"), str):
        return DataError(f"{place}: no string `text` among the keys {', '.join(map(str, entry))}; {_REMEDY}")
    return entry


def metadata_of(entry: Mapping[str, object]) -> dict[str, Finding]:
    """The metadata that an entry states."""
    stated = dict(_gold_keys(entry))
    for name, value in _corpus_keys(entry):
        stated.setdefault(name, value)
    return {name: Finding(value, "jsonl") for name, value in stated.items()}


def _gold_keys(entry: Mapping[str, object]) -> Iterator[tuple[str, str | int]]:
    for name in _TEXTS:
        if isinstance(value := entry.get(name), str) and value:
            yield name, value
    for name in _YEARS:
        if (year := _year(entry.get(name))) is not None:
            yield name, year


def _corpus_keys(entry: Mapping[str, object]) -> Iterator[tuple[str, str | int]]:
    level, region, year = str(entry.get("level")), entry.get("region"), _year(entry.get("year"))
    if level in ("city", "district") and isinstance(region, str) and region:
        yield level, region
    if year is not None:
        yield ("report_year" if level.endswith("communique") else "sitting_year"), year


def _year(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
