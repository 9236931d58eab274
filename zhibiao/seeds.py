"""The five seed reports: what is known of them, and their texts brought in from where you keep them.

The texts are not ours to publish: the project holds their checksums and, as offsets, their gold.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, dataclass, fields
from hashlib import sha256
from pathlib import Path

from zhibiao.errors import ConfigError, DataError
from zhibiao.files import unwritable, whole_file

__all__ = ["Import", "Seed", "find_seeds", "import_seeds", "read_manifest"]

MANIFEST = "manifest.toml"
TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Seed:
    """One seed report; `sha256` is that of the file's bytes, `chars` its length in code points."""

    id: str
    title: str
    publisher: str
    district: str
    city: str
    report_year: int
    file: str
    sha256: str
    chars: int
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did: files copied, and files that were there already."""

    folder: Path
    copied: tuple[str, ...]
    kept: tuple[str, ...]


def find_seeds(start: Path) -> Path:
    """The `seeds` folder of `start`, or else of the checkout that zhibiao runs from."""
    places = (start / "seeds", Path(__file__).resolve().parent.parent / "seeds")
    for place in places:
        if (place / MANIFEST).is_file():
            return place
    raise ConfigError(
        f"no {MANIFEST} in {' or '.join(map(str, places))}; "
        "run in a checkout of zhibiao, or name its seeds folder"
    )


def read_manifest(path: Path) -> tuple[Seed, ...]:
    """The seeds that a `manifest.toml` lists."""
    try:
        lines = tomllib.loads(path.read_text(encoding="utf-8"))["report"]
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror}); name the folder that holds it"
        ) from error
    except (KeyError, ValueError) as error:
        raise ConfigError(f"{path}: no list of [[report]] tables ({error}); restore the file") from error
    return tuple(_seed(line, f"{path}: report {number}") for number, line in enumerate(lines, start=1))


def import_seeds(source: Path, seeds: Path) -> Import:
    """Copies the seed texts from `source` into `seeds/texts`, byte for byte, once all are there and right."""
    manifest = read_manifest(seeds / MANIFEST)
    target = seeds / TEXTS
    contents = _checked(source, manifest)
    kept = {seed.file for seed in manifest if _sum_of(target / seed.file) == seed.sha256}
    try:
        target.mkdir(exist_ok=True)
        for name, content in contents.items():
            if name not in kept:
                with whole_file(target / name) as partial:
                    partial.write_bytes(content)
    except OSError as error:
        raise unwritable(target, error) from error
    return Import(target, tuple(name for name in contents if name not in kept), tuple(sorted(kept)))


def _seed(line: dict[str, str | int], where: str) -> Seed:
    known = {field.name for field in fields(Seed)}
    required = {field.name for field in fields(Seed) if field.default is MISSING}
    if unknown := sorted(set(line) - known):
        raise ConfigError(f"{where}: unknown keys {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    if missing := sorted(required - set(line)):
        raise ConfigError(f"{where}: {', '.join(missing)} missing; restore the file")
    return Seed(**line)  # type: ignore[arg-type]


def _checked(source: Path, manifest: tuple[Seed, ...]) -> dict[str, bytes]:
    """The texts by file name; all that is wrong is told at once."""
    if not source.is_dir():
        raise DataError(
            f"{source}: no such folder; give the folder that holds {manifest[0].file} and the others"
        )
    if not any((source / seed.file).is_file() for seed in manifest):
        names = ", ".join(seed.file for seed in manifest)
        raise DataError(f"{source}: holds none of the seed texts ({names}); give the folder that holds them")
    problems = [problem for seed in manifest if (problem := _problem(source / seed.file, seed))]
    if problems:
        raise DataError("nothing imported:\n" + "\n".join(f"  {problem}" for problem in problems))
    return {seed.file: (source / seed.file).read_bytes() for seed in manifest}


def _problem(path: Path, seed: Seed) -> str | None:
    found = _sum_of(path)
    if found == seed.sha256:
        return None
    if found is None:
        return f"{path}: missing or not readable; put the text of {seed.title} there"
    return (
        f"{path}: sha256 {found}, expected {seed.sha256}; get the file anew, without conversion of "
        "its encoding or line ends"
    )


def _sum_of(path: Path) -> str | None:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
