"""The same spans from every notation, and every broken line named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.tag_files import read_tagged
from zhibiao.errors import DataError

TEXT = "林岚在棠湾区任职"
SPANS = ((0, 2, "人"), (3, 6, "地"))


def columns(path: Path, tags: str, *, text: str = TEXT, between: str = " ") -> Path:
    lines = [f"{one}{between}{tag}" for one, tag in zip(text, tags.split(), strict=True)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.parametrize(
    "tags",
    [
        "B-人 I-人 O B-地 I-地 I-地 O O",
        "B-人 E-人 O B-地 I-地 E-地 O O",
        "B-人 E-人 O B-地 M-地 E-地 O O",
        "B_人 E_人 O B_地 M_地 E_地 O O",
    ],
)
def test_every_notation_gives_the_same_spans(tags: str, tmp_path: Path) -> None:
    (one,) = read_tagged(columns(tmp_path / "a.txt", tags), "conll")
    assert one.text == TEXT
    assert one.spans == SPANS


def test_single_characters_neighbours_and_ends(tmp_path: Path) -> None:
    (bmes,) = read_tagged(columns(tmp_path / "a", "S-人 S-人 B-地 E-地", text="林岚棠湾"), "conll")
    assert bmes.spans == ((0, 1, "人"), (1, 2, "人"), (2, 4, "地"))
    (bio,) = read_tagged(columns(tmp_path / "b", "B-人 B-人 B-地 I-地", text="林岚棠湾"), "conll")
    assert bio.spans == bmes.spans


def test_columns_as_they_are_found_in_the_wild(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    first = "林\tNR\tB-人\r\n\u3000\tPU\tO\r\n \tO\r\n\r\n\r\n"
    path.write_bytes(f"\ufeff-DOCSTART- -X- O\r\n\r\n{first}GDP NN B-数\n增 VV O".encode())
    one, other = read_tagged(path, "conll")
    assert (one.text, one.spans) == ("林\u3000 ", ((0, 1, "人"),))
    assert (other.text, other.spans) == ("GDP增", ((0, 3, "数"),))


def test_json_lines_of_text_and_of_tokens(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    tags = ["B-人", "I-人", "O", "B-地", "I-地", "I-地", "O", "O"]
    lines = [{"text": TEXT, "tags": tags}, {"tokens": list(TEXT), "tags": tags}, {"text": "", "tags": []}]
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    first, second = read_tagged(path, "bio")
    assert first == second
    assert (first.text, first.spans) == (TEXT, SPANS)


@pytest.mark.parametrize(
    ("tags", "line", "finding"),
    [
        ("O I-人 O O O O O O", 2, "I-人 follows O"),
        ("I-人 O O O O O O O", 1, "I-人 follows nothing"),
        ("B-人 I-地 O O O O O O", 2, "I-地 follows B-人"),
        ("B-人 E-人 O B-地 M-地 O O O", 4, "B-地 comes to no E-地"),
        ("B-人 E-人 E-人 O O O O O", 3, "E-人 follows E-人"),
        ("B-人 E-人 O O O O O B-地", 8, "B-地 comes to no E-地"),
        ("X-人 O O O O O O O", 1, "the tag 'X-人'"),
    ],
)
def test_a_broken_sequence_is_named_with_its_line(tags: str, line: int, finding: str, tmp_path: Path) -> None:
    path = columns(tmp_path / "a.txt", tags)
    with pytest.raises(DataError) as caught:
        read_tagged(path, "conll")
    assert f"{path}:{line}: {finding}" in str(caught.value)


def test_many_faults_are_counted_and_the_first_are_named(tmp_path: Path) -> None:
    path = columns(tmp_path / "a.txt", "O I-人 " * 4)
    path.write_text((path.read_text("utf-8") + "\n") * 2, "utf-8")
    with pytest.raises(DataError, match="and 3 more") as caught:
        read_tagged(path, "conll")
    assert str(caught.value).count("I-人 follows O") == 5


@pytest.mark.parametrize(
    ("content", "format", "finding"),
    [
        ("林 B-人\n岚\n", "conll", ":2: '岚' where a character, a blank and a tag were expected"),
        ("", "conll", "holds no sentence"),
        ('{"text": "林岚", "tags": ["O"]}', "bio", ":1: 2 characters with 1 tags"),
        ('{"text": "林岚", "tags": [0, 0]}', "bio", ":1: expected"),
        ('{"text": "林岚", "tags": "OO"}', "bio", ":1: expected"),
        ('{"text": "林岚", "tags": ["O", "I-人"]}', "bio", ":1, character 2: I-人 follows O"),
    ],
)
def test_what_is_no_tagged_file_is_refused(content: str, format: str, finding: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text(content, "utf-8")
    with pytest.raises(DataError) as caught:
        read_tagged(path, format)  # type: ignore[arg-type]
    assert finding in str(caught.value)


PIECES = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["", "甲", "乙"])), min_size=1, max_size=8)


def notation(pieces: list[tuple[int, str]], names: dict[str, str]) -> list[str]:
    tags = []
    for length, label in pieces:
        if not label:
            tags += ["O"] * length
        elif length == 1:
            tags += [f"{names['S']}-{label}"]
        else:
            inner = [f"{names['M']}-{label}"] * (length - 2)
            tags += [f"B-{label}", *inner, f"{names['E']}-{label}"]
    return tags


@given(PIECES)
def test_bio_and_bmes_of_any_spans_agree_with_seqeval(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[int, str]]
) -> None:
    from seqeval.metrics.sequence_labeling import get_entities

    folder = tmp_path_factory.mktemp("files")
    bio = notation(pieces, {"S": "B", "M": "I", "E": "I"})
    bmes = notation(pieces, {"S": "S", "M": "M", "E": "E"})
    text = "字" * len(bio)
    (one,) = read_tagged(columns(folder / "a", " ".join(bio), text=text), "conll")
    (other,) = read_tagged(columns(folder / "b", " ".join(bmes), text=text), "conll")
    assert one == other
    assert list(one.spans) == [(start, end + 1, label) for label, start, end in get_entities(bio)]
