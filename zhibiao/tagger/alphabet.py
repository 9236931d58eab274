"""One input id per code point, so that every label has an exact offset and no word piece swallows a digit.

Whatever vocabulary an encoder has, each character is looked up in it on its own. What is absent is looked up
by a form that means the same (`%` for `％`); blanks and line breaks share one id. `tokenizer.json` holds the
result in full, so that hub tools and zhibiao read the same ids from the same file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhibiao.errors import ConfigError
from zhibiao.files import whole_file
from zhibiao.tagger.fallbacks import complete
from zhibiao.tagger.vocabulary import COUNT, EVERY, Specials, Vocabulary, read_vocabulary

__all__ = ["Alphabet"]


@dataclass(frozen=True)
class Alphabet:
    """The ids of all characters that can be looked up, the special ids, and how many rows the encoder has."""

    characters: Mapping[str, int]
    specials: Specials
    size: int

    def __post_init__(self) -> None:
        """Refuse what could not be looked up."""
        if wrong := [one for one in self.characters if len(one) != 1][:3]:
            raise ConfigError(f"an alphabet holds single characters, not {', '.join(map(repr, wrong))}")
        used = {*self.characters.values(), *self.specials.ids()}
        if min(used) < 0 or max(used) >= self.size:
            raise ConfigError(
                f"ids {min(used)} to {max(used)} in an alphabet of {self.size} rows; "
                "the vocabulary and the weights are not of one encoder"
            )

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Alphabet:
        """The single characters of a vocabulary, and all that can be looked up by them."""
        known = vocabulary.characters()
        if not vocabulary.exact:
            known = complete(known, blank=vocabulary.blank(), lower=vocabulary.lower)
        return cls(known, vocabulary.specials, vocabulary.size)

    @classmethod
    def load(cls, folder: Path) -> Alphabet:
        """From the folder of any encoder: its tokenizer.json, else its vocab.txt."""
        return cls.of(read_vocabulary(folder))

    @property
    def pad(self) -> int:
        """Fills a batch up."""
        return self.specials.pad

    @property
    def unk(self) -> int:
        """Stands for every character that the encoder does not know."""
        return self.specials.unk

    @property
    def cls(self) -> int:
        """Begins an input."""
        return self.specials.cls

    @property
    def sep(self) -> int:
        """Ends an input."""
        return self.specials.sep

    @property
    def mask(self) -> int:
        """Hides a character in masked training."""
        return self.specials.mask

    def ids(self, text: str) -> NDArray[np.int32]:
        """One id per code point of the text."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        return self._table.take(codes, mode="clip")

    def save(self, folder: Path) -> None:
        """Write `tokenizer.json` and `tokenizer_config.json`, a fast tokenizer for transformers."""
        folder.mkdir(parents=True, exist_ok=True)
        names = {name: f"[{name.upper()}]" for name in asdict(self.specials)}
        config: dict[str, object] = {f"{name}_token": text for name, text in names.items()}
        config |= {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False}
        config |= {COUNT: len(self.characters)}
        for name, content in (("tokenizer.json", self._tokenizer(names)), ("tokenizer_config.json", config)):
            with whole_file(folder / name) as path:
                path.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")

    @cached_property
    def _table(self) -> NDArray[np.int32]:
        """Ids by code point; the last entry answers for all code points beyond."""
        codes = np.array([ord(one) for one in self.characters], dtype=np.int64)
        table = np.full(int(codes.max(initial=0)) + 2, self.unk, dtype=np.int32)
        table[codes] = np.fromiter(self.characters.values(), dtype=np.int32, count=len(codes))
        return table

    def _tokenizer(self, names: Mapping[str, str]) -> dict[str, object]:
        """Written by hand: the tokenizers library, when it saves, drops characters that share an id.

        Their number stands in `tokenizer_config.json`, so that such a loss is found when the folder is read.
        """
        specials = {names[name]: row for name, row in asdict(self.specials).items()}
        fixed = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        added = [{"id": row, "content": text, **fixed} for text, row in sorted(specials.items(), key=_row)]
        return {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": added,
            "normalizer": None,
            "pre_tokenizer": EVERY,
            "post_processor": _ends(names["cls"], names["sep"], self.specials),
            "decoder": {"type": "Fuse"},
            "model": {
                "type": "WordLevel",
                "vocab": specials | dict(self.characters),
                "unk_token": names["unk"],
            },
        }


def _row(item: tuple[str, int]) -> int:
    return item[1]


def _ends(first: str, last: str, specials: Specials) -> dict[str, object]:
    """`[CLS] text [SEP]`, and the same for pairs."""

    def special(text: str, kind: int) -> dict[str, object]:
        return {"SpecialToken": {"id": text, "type_id": kind}}

    def sequence(name: str, kind: int) -> dict[str, object]:
        return {"Sequence": {"id": name, "type_id": kind}}

    single = [special(first, 0), sequence("A", 0), special(last, 0)]
    rows = {first: specials.cls, last: specials.sep}
    return {
        "type": "TemplateProcessing",
        "single": single,
        "pair": [*single, sequence("B", 1), special(last, 1)],
        "special_tokens": {text: {"id": text, "ids": [row], "tokens": [text]} for text, row in rows.items()},
    }
