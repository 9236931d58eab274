import json
import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zhibiao.errors import DataError, WriteError
from zhibiao.jsonl.lines import dumps, read_lines, write_lines

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6)
SCALARS = st.none() | st.booleans() | st.integers() | st.text() | NUMBERS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)


@given(VALUES)
def test_what_is_dumped_loads_as_it_was(value):
    assert json.loads(dumps(value), parse_float=Decimal) == value


@pytest.mark.parametrize(
    ("number", "text"),
    [("6.45", "6.45"), ("1E+9", "1000000000"), ("1E-7", "0.0000001"), ("0.1", "0.1"), ("-41.97", "-41.97")],
)
def test_numbers_are_written_exactly_and_without_exponent(number, text):
    assert dumps(Decimal(number)) == text


def test_a_number_that_json_cannot_hold_is_refused():
    with pytest.raises(DataError, match="NaN"):
        dumps(Decimal("NaN"))


def no_character_pair(text):
    """Two lone surrogates side by side are one character in JSON; no reader lets them in."""
    return not re.search("[\ud800-\udbff][\udc00-\udfff]", text)


@given(st.text(st.characters(codec=None)).filter(no_character_pair))
@example("甲\udcff乙😀\ud800")
def test_any_text_comes_back_from_a_file(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("lines") / "x.jsonl"
    write_lines(path, [{"text": text}])
    assert [line for _, line in read_lines(path)] == [{"text": text}]


def test_only_line_feeds_end_a_line(tmp_path):
    path = tmp_path / "x.jsonl"
    objects = [{"text": "甲\u2028乙\x85丙\r\n丁"}, {"text": "戊"}]
    write_lines(path, objects)
    assert [line for _, line in read_lines(path)] == objects


def test_blank_lines_and_a_byte_order_mark_are_passed_over(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\n\n  \n{"a": 2}')
    assert list(read_lines(path)) == [(f"{path}:1", {"a": 1}), (f"{path}:4", {"a": 2})]


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b'{"a": 1}\n{"a": ', ":2: not JSON"),
        (b'{"a": 1}\n[1]\n', ":2: a list where one JSON object"),
        (b'{"a": NaN}\n', ":1: not JSON"),
        (b'{"a": "\xff"}\n', "not UTF-8"),
        (b"[" * 100_000, ":1: not JSON"),
    ],
)
def test_a_broken_line_is_cited(tmp_path, content, finding):
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(DataError, match=finding) as caught:
        list(read_lines(path))
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nothing\.jsonl: cannot be read"):
        list(read_lines(tmp_path / "nothing.jsonl"))


def test_a_failure_half_way_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "x.jsonl"
    write_lines(path, [{"a": 1}])

    def failing():
        yield {"a": 2}
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        write_lines(path, failing())
    assert path.read_text() == '{"a": 1}\n'
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(WriteError, match=r"x\.jsonl: cannot be written"):
        write_lines(tmp_path / "no" / "x.jsonl", [])


def test_a_folder_in_the_place_of_the_file_is_not_replaced(tmp_path):
    (tmp_path / "x.jsonl").mkdir()
    with pytest.raises(WriteError, match="cannot be written"):
        write_lines(tmp_path / "x.jsonl", [])
    assert [path.name for path in tmp_path.iterdir()] == ["x.jsonl"]
