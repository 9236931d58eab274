"""One id per code point, whatever the vocabulary; hub tools read the same ids from the saved file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.errors import ConfigError
from zhibiao.tagger.alphabet import Alphabet
from zhibiao.tagger.vocabulary import Specials

SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDPIECE = [*SPECIALS, "[unused1]", "年", "亿", "元", "##值", ",", "3", "##36", "a", "%", "产值", "零"]


def folder_of(path: Path, tokens: list[str], **setting: object) -> Path:
    """A folder with vocab.txt."""
    (path / "vocab.txt").write_text("".join(f"{token}\n" for token in tokens), "utf-8")
    (path / "tokenizer_config.json").write_text(json.dumps(setting), "utf-8")
    return path


def tokenizer_of(path: Path, vocab: object, **parts: object) -> Path:
    """A folder with tokenizer.json."""
    content = {"model": {"type": "BPE", "vocab": vocab}, "added_tokens": [], **parts}
    (path / "tokenizer.json").write_text(json.dumps(content), "utf-8")
    return path


@pytest.fixture
def alphabet(tmp_path: Path) -> Alphabet:
    return Alphabet.load(folder_of(tmp_path, WORDPIECE))


def test_each_character_is_looked_up_on_its_own(alphabet: Alphabet) -> None:
    assert alphabet.ids("产值36亿").tolist() == [1, 9, 11, 1, 7]
    assert alphabet.size == len(WORDPIECE)
    assert (alphabet.pad, alphabet.unk, alphabet.cls, alphabet.sep, alphabet.mask) == (0, 1, 2, 3, 4)


def test_absent_forms_are_looked_up_by_present_ones(alphabet: Alphabet) -> None:
    assert alphabet.ids("，３％Ａａ〇").tolist() == alphabet.ids(",3%aa零").tolist()
    assert alphabet.unk not in alphabet.ids("，３％Ａａ〇")


def test_a_present_full_width_form_keeps_its_own_row(tmp_path: Path) -> None:
    alphabet = Alphabet.load(folder_of(tmp_path, [*SPECIALS, "，", "％", ","]))
    assert alphabet.ids("，,％%").tolist() == [5, 7, 6, 6]


def test_blanks_and_line_breaks_share_a_row_that_is_not_unknown(alphabet: Alphabet) -> None:
    assert set(alphabet.ids(" \n\r\t\u3000\xa0\u200b\ufeff\x00").tolist()) == {WORDPIECE.index("[unused1]")}


def test_code_points_beyond_the_table_are_unknown(alphabet: Alphabet) -> None:
    assert alphabet.ids("\U0010ffff\U0001f600\ud800𠮷").tolist() == [alphabet.unk] * 4
    assert alphabet.ids("").tolist() == []


def test_capitals_of_a_lower_case_vocabulary_are_lowered(tmp_path: Path) -> None:
    lowered = Alphabet.load(folder_of(tmp_path, [*SPECIALS, "A", "a"], do_lower_case=True))
    assert lowered.ids("AaＡ").tolist() == [6, 6, 6]


def test_unigram_pieces_and_word_beginnings(tmp_path: Path) -> None:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "年", "▁年", "▁亿", "产值", "<mask>"]
    alphabet = Alphabet.load(tokenizer_of(tmp_path, [[piece, -1.0] for piece in pieces]))
    assert alphabet.ids("年亿 产").tolist() == [5, 7, 4, 3]
    assert (alphabet.cls, alphabet.pad, alphabet.sep, alphabet.mask) == (0, 1, 2, 9)


def test_byte_level_pieces_are_read_as_the_characters_they_spell(tmp_path: Path) -> None:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "Ġ", "å¹´", "å¹", "3", "Ġ7"]
    vocab = {piece: row for row, piece in enumerate(pieces)}
    alphabet = Alphabet.load(tokenizer_of(tmp_path, vocab, pre_tokenizer={"type": "ByteLevel"}))
    assert alphabet.ids("年3 7亿").tolist() == [6, 8, 5, 9, 3]


def test_what_is_saved_is_what_is_loaded(alphabet: Alphabet, tmp_path: Path) -> None:
    alphabet.save(tmp_path / "new")
    again = Alphabet.load(tmp_path / "new")
    assert again == alphabet
    text = "".join(map(chr, range(0x1F700))).replace("\ud800", "")
    assert (again.ids(text) == alphabet.ids(text)).all()


PLAIN = {piece: row for row, piece in enumerate(WORDPIECE) if len(piece) == 1}


@given(st.text())
def test_one_id_per_code_point_and_all_within_the_rows(text: str) -> None:
    alphabet = Alphabet(PLAIN, Specials(0, 1, 2, 3, 4), len(WORDPIECE))
    ids = alphabet.ids(text)
    assert ids.dtype == np.int32
    assert len(ids) == len(text)
    assert all(0 <= one < alphabet.size for one in ids)
    assert [alphabet.characters.get(one, alphabet.unk) for one in text] == ids.tolist()


@pytest.mark.parametrize(
    ("tokens", "message"),
    [(["[PAD]", "[UNK]", "年"], r"no \[CLS\], \[SEP\], \[MASK\] among 3 pieces"), (["年"], "zhibiao needs")],
)
def test_a_vocabulary_without_special_pieces_is_refused(
    tmp_path: Path, tokens: list[str], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        Alphabet.load(folder_of(tmp_path, tokens))


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"neither tokenizer\.json nor vocab\.txt"):
        Alphabet.load(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{", "utf-8")
    with pytest.raises(ConfigError, match=r"tokenizer\.json: cannot be read as JSON"):
        Alphabet.load(tmp_path)
    (tmp_path / "tokenizer.json").write_text('{"model": {}}', "utf-8")
    with pytest.raises(ConfigError, match="no model with a vocabulary"):
        Alphabet.load(tmp_path)


def test_ids_must_fit_the_rows(alphabet: Alphabet) -> None:
    with pytest.raises(ConfigError, match="not of one encoder"):
        Alphabet({"年": 9}, alphabet.specials, 9)
    with pytest.raises(ConfigError, match="single characters, not '产值'"):
        Alphabet({"产值": 6}, alphabet.specials, 9)


@pytest.mark.slow
def test_hub_tools_read_the_same_ids_and_offsets(alphabet: Alphabet, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    alphabet.save(tmp_path / "new")
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "new")
    text = "  产值３６．5亿元，\r\n同比％\u3000\U0001f600年 "
    done = tokenizer(text, return_offsets_mapping=True)
    assert tokenizer.is_fast
    assert done["input_ids"] == [alphabet.cls, *alphabet.ids(text).tolist(), alphabet.sep]
    assert done["offset_mapping"][1:-1] == [(at, at + 1) for at in range(len(text))]
    assert (tokenizer.pad_token_id, tokenizer.mask_token_id) == (alphabet.pad, alphabet.mask)


@pytest.mark.slow
def test_a_tokenizer_that_lost_characters_on_its_way_is_refused(alphabet: Alphabet, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    alphabet.save(tmp_path / "new")
    AutoTokenizer.from_pretrained(tmp_path / "new").save_pretrained(tmp_path / "again")
    with pytest.raises(ConfigError, match="copy the files that zhibiao wrote"):
        Alphabet.load(tmp_path / "again")
