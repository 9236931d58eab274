"""Vocabularies of encoders as they come, `vocab.txt` or any `tokenizer.json`, read as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from zhibiao.errors import ConfigError

__all__ = ["COUNT", "EVERY", "Specials", "Vocabulary", "read_vocabulary"]

_SPECIALS = {
    "pad": ("[PAD]", "<pad>"),
    "unk": ("[UNK]", "<unk>"),
    "cls": ("[CLS]", "<s>", "<cls>"),
    "sep": ("[SEP]", "</s>", "<sep>"),
    "mask": ("[MASK]", "<mask>"),
}
_SPACE = "▁"

COUNT = "zhibiao_characters"
"""The key of `tokenizer_config.json` that marks our own vocabularies: how many characters one has."""

EVERY = {"type": "Split", "pattern": {"Regex": r"[\s\S]"}, "behavior": "Isolated", "invert": False}
"""How our own tokenizers cut: into single characters."""


@dataclass(frozen=True, slots=True)
class Specials:
    """The ids that stand for no character."""

    pad: int
    unk: int
    cls: int
    sep: int
    mask: int

    def ids(self) -> tuple[int, ...]:
        """All of them, in the order of their fields."""
        return self.pad, self.unk, self.cls, self.sep, self.mask


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces and their ids. An `exact` one was written by zhibiao: what is not in it is unknown."""

    pieces: Mapping[str, int]
    specials: Specials
    size: int
    exact: bool = False
    lower: bool = False
    byte_level: bool = False

    def characters(self) -> dict[str, int]:
        """The ids of single characters; one that only begins or continues a word is better than none."""
        bare = _from_bytes(self.pieces) if self.byte_level else dict(self.pieces)
        whole = {piece: row for piece, row in bare.items() if len(piece) == 1 and piece != _SPACE}
        parts = {one: row for piece, row in bare.items() for one in _inside(piece)}
        return parts | whole

    def blank(self) -> int:
        """The id of blanks and line breaks: the vocabulary's own, else a row that no text uses."""
        names = (" ", _SPACE, "Ġ", "[unused1]")
        return next((self.pieces[name] for name in names if name in self.pieces), self.specials.unk)


def _inside(piece: str) -> Iterator[str]:
    """The character of `▁a` (begins a word) and of `##a` (continues one)."""
    if len(piece) == 2 and piece[0] == _SPACE:
        yield piece[1]
    elif len(piece) == 3 and piece.startswith("##"):
        yield piece[2]


def _from_bytes(pieces: Mapping[str, int]) -> dict[str, int]:
    """Byte-level pieces that are exactly one character of UTF-8, by that character."""
    found = {}
    for piece, row in pieces.items():
        if len(one := _decoded(piece)) == 1:
            found[one] = row
        elif len(one) == 2 and one[0] == " ":
            found.setdefault(one[1], row)
    return found


def _decoded(piece: str) -> str:
    table = _byte_of()
    if not all(one in table for one in piece):
        return ""
    return bytes(table[one] for one in piece).decode("utf-8", "replace")


@cache
def _byte_of() -> Mapping[str, int]:
    """GPT-2's alphabet: printable bytes stand for themselves, the others for the code points from 256 on."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {chr(256 + i): byte for i, byte in enumerate(others)}


def read_vocabulary(folder: Path) -> Vocabulary:
    """The vocabulary of an encoder's folder."""
    if (path := folder / "tokenizer.json").is_file():
        return _from_json(path, _setting(folder))
    if (path := folder / "vocab.txt").is_file():
        return _from_text(path, lower=bool(_setting(folder).get("do_lower_case")))
    raise ConfigError(
        f"{folder}: neither tokenizer.json nor vocab.txt; "
        "save the encoder's fast tokenizer there (`tokenizer.save_pretrained(folder)` in transformers)"
    )


def _from_text(path: Path, *, lower: bool) -> Vocabulary:
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as UTF-8 ({error}); copy it again") from error
    pieces = {line.rstrip("\r"): row for row, line in enumerate(lines) if line.rstrip("\r")}
    return Vocabulary(pieces, _specials(pieces, path), _size(pieces), lower=lower)


def _from_json(path: Path, setting: Mapping[str, Any]) -> Vocabulary:
    content = _json(path)
    model, added = content.get("model") or {}, content.get("added_tokens") or []
    pieces = _pieces(model.get("vocab"), path) | {one["content"]: one["id"] for one in added}
    normalizer = json.dumps(content.get("normalizer"))
    ours = model.get("type") == "WordLevel" and content.get("pre_tokenizer") == EVERY
    if ours:
        _check_whole(pieces, setting.get(COUNT), path)
    return Vocabulary(
        pieces,
        _specials(pieces, path),
        _size(pieces),
        exact=ours,
        lower='"lowercase": true' in normalizer or '"Lowercase"' in normalizer,
        byte_level='"ByteLevel"' in json.dumps([content.get("pre_tokenizer"), content.get("decoder")]),
    )


def _check_whole(pieces: Mapping[str, int], count: object, path: Path) -> None:
    found = sum(len(piece) == 1 for piece in pieces)
    if found != count:
        raise ConfigError(
            f"{path}: {found:,} characters where zhibiao wrote {count or 'more'}; transformers drops those "
            "that share an id when it saves a tokenizer again: copy the files that zhibiao wrote"
        )


def _pieces(vocabulary: object, path: Path) -> dict[str, int]:
    """Unigram lists its pieces by row, the other models say the row."""
    if isinstance(vocabulary, Mapping):
        return dict(vocabulary)
    if isinstance(vocabulary, list):
        return {piece: row for row, (piece, _) in enumerate(vocabulary)}
    raise ConfigError(
        f"{path}: no model with a vocabulary; it must be the tokenizer.json of a fast tokenizer"
    )


def _size(pieces: Mapping[str, int]) -> int:
    return max(pieces.values()) + 1


def _specials(pieces: Mapping[str, int], path: Path) -> Specials:
    found = {
        name: next((pieces[text] for text in texts if text in pieces), None)
        for name, texts in _SPECIALS.items()
    }
    if missing := [_SPECIALS[name][0] for name, row in found.items() if row is None]:
        raise ConfigError(
            f"{path}: no {', '.join(missing)} among {len(pieces):,} pieces; "
            "zhibiao needs an encoder of BERT's kind, trained with masked words"
        )
    return Specials(**{name: row for name, row in found.items() if row is not None})


def _setting(folder: Path) -> Mapping[str, Any]:
    path = folder / "tokenizer_config.json"
    return _json(path) if path.is_file() else {}


def _json(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read as JSON ({error}); copy it again") from error
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: a JSON {type(content).__name__}, not an object; copy it again")
    return content
