"""The indicator catalogue: from the name of an indicator, as a report writes it, to our stable slug.

>>> indicator_code("全区规模以上工业增加值", unit="亿元")
'industrial_value_added_above_scale'
>>> indicator_code("一般公共预算收入", unit="%") is None
True
"""

from __future__ import annotations

import itertools
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable

from zhibiao.errors import ConfigError
from zhibiao.tables.units import unit_table

_SLUG = re.compile(r"[a-z][a-z0-9_]*")
_PIECE = re.compile(r"\[(?P<optional>[^\[\]()]+)\]|\((?P<choice>[^\[\]()]+)\)|(?P<plain>[^\[\]()|]+)")
_SCALE = re.compile(r"[十百千万亿兆]+")
# Marks that a writer may add to or leave out of a name without changing it.
_DROPPED = dict.fromkeys(map(ord, " \t\u3000\"'“”‘’「」『』《》〈〉()（）[]【】的"))
_DATE = r"(?:19|20)\d\d年[度底末]?|\d{1,2}[-—–~至]\d{1,2}月份?"
_KEYS = ("name", "unit", "aliases", "only_with_unit")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry; `aliases` are written out in full, the canonical name first. `domain` is its file's stem.

    `only_with_unit` are names too short to be sure of without a unit of the right kind beside them.
    """

    slug: str
    name: str
    unit: str
    domain: str
    aliases: tuple[str, ...]
    only_with_unit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """How names vary without changing their meaning, and which units measure the same kind of thing."""

    prefix: re.Pattern[str]
    growth: re.Pattern[str]
    synonym: re.Pattern[str]
    synonyms: Mapping[str, str]
    families: Mapping[str, frozenset[str]]

    def normalise(self, name: str) -> str:
        """The name with full-width forms, quotes, brackets, 的 and synonyms evened out."""
        flat = unicodedata.normalize("NFKC", name).upper().translate(_DROPPED)
        return self.synonym.sub(lambda match: self.synonyms[match[0]], flat)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries with their indexes by normalised name."""

    indicators: tuple[Indicator, ...]
    by_name: Mapping[str, Indicator]
    by_short_name: Mapping[str, Indicator]
    wording: Wording

    def find(self, name: str, *, with_unit: bool = False) -> Indicator | None:
        """The entry whose name or alias this is, once owners and light words in front are taken off."""
        rest = self.wording.normalise(name)
        if with_unit and rest in self.by_short_name:
            return self.by_short_name[rest]
        while (found := self.by_name.get(rest)) is None:
            match = self.wording.prefix.match(rest)
            if match is None:
                return None
            rest = rest[match.end() :]
        return found


def indicator_code(indicator: str, *, unit: str | None = None) -> str | None:
    """The slug of a statistical indicator, or None where the name is not known for certain.

    `unit` is the record's unit; one that the indicator cannot be measured in gives None. Without a unit,
    a name that ends in 增速, 增幅 ... gets the code of what grows.
    """
    catalogue = load_catalogue()
    found = catalogue.find(indicator, with_unit=unit is not None)
    if found is None and unit is None:
        found = catalogue.find(catalogue.wording.growth.sub("", indicator))
    if found is None or unit_contradicts(unit, found.unit):
        return None
    return found.slug


def indicators() -> tuple[Indicator, ...]:
    """Every entry of the catalogue, by domain and then in the order of its file."""
    return load_catalogue().indicators


def unit_contradicts(unit: str | None, base_unit: str) -> bool:
    """Whether a stated unit measures another kind of thing than `base_unit`.

    No unit contradicts nothing; a bare scale (亿) contradicts only what is never counted in it, a share or a
    ratio. A stated unit may leave the second part of a compound out: 元 for 元/月.
    """
    if unit is None:
        return False
    families = load_catalogue().wording.families
    if _SCALE.fullmatch(unit):
        return not families[base_unit.split("/")[0]].isdisjoint({"share", "ratio"})
    stated, base = unit.replace("／", "/").split("/"), base_unit.split("/")
    return len(stated) > len(base) or not all(map(partial(_agree, families), stated, base))


def _agree(families: Mapping[str, frozenset[str]], stated: str, base: str) -> bool:
    """Whether the unit, or what is left of it without its scale, shares a family with the base unit."""
    known = families.get(stated) or families.get(_SCALE.sub("", stated, count=1), frozenset())
    return stated == base or not known.isdisjoint(families[base])


@cache
def load_catalogue() -> Catalogue:
    """The catalogue that ships with the package, read once."""
    tables = files("zhibiao.tables")
    return read_catalogue(tables / "indicators", tables / "indicator_wording.toml")


def read_catalogue(folder: Traversable, wording_file: Traversable) -> Catalogue:
    """Read every `*.toml` of `folder`, one domain a file; a ConfigError names the file and the key."""
    wording = read_wording(wording_file)
    by_slug: dict[str, Indicator] = {}
    by_name: dict[str, Indicator] = {}
    by_short_name: dict[str, Indicator] = {}
    paths = (path for path in folder.iterdir() if path.name.endswith(".toml"))
    for path in sorted(paths, key=lambda path: path.name):
        for entry in _read_domain(path, wording.families):
            where = f"{path}: [{entry.slug}]"
            if (other := by_slug.setdefault(entry.slug, entry)) is not entry:
                raise ConfigError(f"{where} stands in {other.domain}.toml too; rename one of them")
            for name in entry.aliases:
                _claim(wording.normalise(name), entry, (by_name, by_short_name), where)
            for name in entry.only_with_unit:
                _claim(wording.normalise(name), entry, (by_short_name, by_name), where)
    return Catalogue(tuple(by_slug.values()), by_name, by_short_name, wording)


def _claim(name: str, entry: Indicator, indexes: Sequence[dict[str, Indicator]], where: str) -> None:
    """Put the name into the first index; no other entry may have it in any of them."""
    for index in indexes:
        other = index.get(name, entry)
        if other is not entry:
            raise ConfigError(
                f"{where} name {name!r} already belongs to [{other.slug}] in {other.domain}.toml; "
                "leave it to one of them"
            )
    indexes[0][name] = entry


def _read_domain(path: Traversable, families: Mapping[str, frozenset[str]]) -> Iterator[Indicator]:
    domain = path.name.removesuffix(".toml")
    for slug, table in _toml(path).items():
        where = f"{path}: [{slug}]"
        if not _SLUG.fullmatch(slug) or not isinstance(table, dict):
            raise ConfigError(f"{where} must be a table whose name is a slug of a-z, 0-9 and _")
        if unknown := sorted(set(table) - set(_KEYS)):
            raise ConfigError(f"{where} has unknown keys {unknown}; known are {', '.join(_KEYS)}")
        name, unit = (_text(table, key, where) for key in ("name", "unit"))
        if lost := set(unit.split("/")) - set(families):
            raise ConfigError(f"{where} unit {unit!r}: {lost} in no family of indicator_wording.toml; add it")
        aliases = _names([name], table.get("aliases", []), f"{where} aliases")
        short = _names([], table.get("only_with_unit", []), f"{where} only_with_unit")
        yield Indicator(slug, name, unit, domain, aliases, short)


def _text(table: Mapping[str, object], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise ConfigError(f'{where} needs {key} = "...", found {value!r}')
    return value


def _names(first: list[str], patterns: object, where: str) -> tuple[str, ...]:
    """Every form of every pattern, each once."""
    written = [*first, *_strings(patterns, where)]
    if twice := [alias for alias, count in Counter(written).items() if count > 1]:
        raise ConfigError(f"{where} lists {twice} twice; keep one")
    forms = {pattern: list(_expand(pattern, where)) for pattern in written}
    if empty := [pattern for pattern, expanded in forms.items() if "" in expanded]:
        raise ConfigError(f"{where} {empty} may be empty; leave a part of it plain")
    return tuple(dict.fromkeys(itertools.chain.from_iterable(forms.values())))


def _expand(pattern: str, where: str) -> Iterator[str]:
    """Write out `[a]` (may be left out) and `(a|b)` (one of them)."""
    choices: list[list[str]] = []
    position = 0
    while position < len(pattern):
        piece = _PIECE.match(pattern, position)
        if piece is None:
            raise ConfigError(f"{where} {pattern!r}: only [optional] and (one|other), not nested")
        position = piece.end()
        forms = (piece["optional"] or piece["choice"] or piece["plain"]).split("|")
        choices.append(["", *forms] if piece["optional"] else forms)
    return map("".join, itertools.product(*choices))


def read_wording(path: Traversable) -> Wording:
    """Read the lists of prefixes, endings, synonyms and unit families."""
    table = _toml(path)
    known = {"owners", "light", "growth", "synonyms", "unit_families"}
    if set(table) != known:
        raise ConfigError(f"{path}: expected exactly the keys {sorted(known)}, found {sorted(table)}")
    lists = {key: _strings(table[key], f"{path}: {key}") for key in ("owners", "light", "growth")}
    synonyms = _mapping(table["synonyms"], f"{path}: [synonyms]")
    for key, value in synonyms.items():
        if not isinstance(value, str):
            raise ConfigError(f"{path}: [synonyms] {key!r} needs a string, found {value!r}")
    return Wording(
        prefix=re.compile(f"{_DATE}|{_alternation([*lists['owners'], *lists['light']])}"),
        growth=re.compile(f"(?:{_alternation(lists['growth'])})$"),
        synonym=re.compile(_alternation(list(synonyms))),
        synonyms={key: str(value) for key, value in synonyms.items()},
        families=_families(table["unit_families"], path),
    )


def _families(table: object, path: Traversable) -> dict[str, frozenset[str]]:
    """For each unit the names of the families it is in."""
    found: dict[str, frozenset[str]] = {}
    for family, words in _mapping(table, f"{path}: [unit_families]").items():
        where = f"{path}: [unit_families] {family}"
        for unit in itertools.chain.from_iterable(_units(word, where) for word in _strings(words, where)):
            found[unit] = found.get(unit, frozenset()) | {family}
    return found


def _units(word: str, where: str) -> list[str]:
    """The units of a theme of units.toml, or the unit itself; a misspelt theme must not pass as a unit."""
    table = unit_table()
    if units := [entry.word for entry in table.values() if entry.theme == word]:
        return units
    if word in table or not word.isascii():
        return [word]
    raise ConfigError(f"{where}: {word!r} is neither a theme nor a unit of units.toml")


def _alternation(words: Sequence[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def _strings(value: object, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ConfigError(f"{where} needs a list of non-empty strings, found {value!r}")
    return value


def _mapping(value: object, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where} needs a table, found {value!r}")
    return value


def _toml(path: Traversable) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
