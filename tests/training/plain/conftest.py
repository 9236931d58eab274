"""A tiny random encoder whose alphabet is what the files of these tests are written in, and those files."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

SURNAMES, GIVEN, PLACES = "林周沈陆", "岚棠澜麓", ("棠湾区", "云麓县", "岚城市", "临皋区")
SENTENCES = [
    [(f"{surname}{given}", "人"), ("在", ""), (place, "地"), ("任职。", "")]
    for (surname, given), place in zip(itertools.product(SURNAMES, GIVEN), PLACES * 4, strict=True)
]
CHARACTERS = sorted({c for parts in SENTENCES for text, _ in parts for c in text})


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    """A BERT of two narrow layers with random weights."""
    import torch
    from transformers import BertConfig, BertModel

    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"0123456789", *CHARACTERS]
    folder = tmp_path / "encoder"
    torch.manual_seed(5)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(vocabulary), **sizes)).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    return folder


@pytest.fixture
def bmes() -> Callable[[Path], Path]:
    """Writes the sentences as BMES columns."""

    def tags(text: str, label: str) -> list[str]:
        if not label:
            return ["O"] * len(text)
        if len(text) == 1:
            return [f"S-{label}"]
        return [f"B-{label}", *[f"M-{label}"] * (len(text) - 2), f"E-{label}"]

    def write(path: Path) -> Path:
        blocks = [
            "".join(
                f"{character} {tag}\n"
                for text, label in parts
                for character, tag in zip(text, tags(text, label), strict=True)
            )
            for parts in SENTENCES
        ]
        path.write_text("\n".join(blocks), "utf-8")
        return path

    return write
