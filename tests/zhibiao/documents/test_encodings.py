"""Encodings: any text comes back as it was or is refused; misread bytes never pass."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.documents.encodings import decode
from zhibiao.documents.plausibility import BLOCK, COMMON_HANZI
from zhibiao.errors import ReadError

PATH = Path("报告.txt")
SIMPLIFIED = (
    "过去一年，云溪镇完成固定资产投资12.6亿元，同比增长8.3%；新增就业岗位3120个。\r\n"
    "我们坚持以人民为中心，着力解决群众关心的道路、学校和医院问题，居民收入稳步提高。\n"
)
TRADITIONAL = (
    "過去一年，雲溪鎮完成固定資產投資十二億元，同比增長百分之八，新增就業崗位三千個。"
    "我們堅持以人民為中心，著力解決群眾關心的道路、學校和醫院問題，居民收入穩步提高。"
)
JAPANESE = (
    "昨年度の市内総生産は前年比三パーセント増加し、雇用者数も約二千人増えました。"
    "道路や橋の整備を進め、学校や病院の環境を改善しました。課題の解決に取り組みます。"
)
KOREAN = (
    "지난해 우리 시의 투자액은 십이억 원으로 전년 대비 팔 퍼센트 증가하였고 새로운 일자리를 만들었습니다. "
    "도로와 다리 건설이 순조롭게 진행되었으며 학교와 병원의 여건도 뚜렷하게 개선되었습니다."
)
RUSSIAN = (
    "В прошлом году объём инвестиций в районе составил двенадцать миллиардов рублей, рост восемь процентов."
)

chinese = st.lists(
    st.one_of(
        st.text(alphabet=COMMON_HANZI, min_size=1, max_size=30),
        st.sampled_from(
            ["，", "。\n", "12.6", "%", "（一）", "\r\n", "“", "”", "2024年", "亿元", "㎡", "〇"]
        ),
    ),
    min_size=1,
    max_size=40,
).map("".join)


@pytest.mark.parametrize(
    ("encoding", "reported"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_a_report_is_read_in_each_encoding_and_the_choice_is_reported(encoding: str, reported: str) -> None:
    decoded = decode(SIMPLIFIED.encode(encoding), PATH)
    assert decoded.text == SIMPLIFIED
    assert decoded.encoding == reported
    assert any(reported in note for note in decoded.notes) == (reported != "utf-8")


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xfe\xff", "utf-16-be"), (b"\x84\x31\x95\x33", "gb18030")])
def test_other_byte_order_marks_are_no_part_of_the_text(mark: bytes, encoding: str) -> None:
    decoded = decode(mark + SIMPLIFIED.encode(encoding), PATH)
    assert (decoded.text, decoded.encoding) == (SIMPLIFIED, encoding)


@given(chinese, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_chinese_looking_text_is_accepted_and_equal(text: str, encoding: str) -> None:
    text = "全年完成投资" + text
    assert decode(text.encode(encoding), PATH).text == text


@given(st.text(), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_any_text_is_equal_or_refused(text: str, encoding: str) -> None:
    text = text.lstrip("\ufeff")  # at the start it is a byte order mark by definition
    try:
        decoded = decode(text.encode(encoding), PATH)
    except ReadError:
        return
    assert decoded.text == text


def test_a_few_characters_prove_no_utf16() -> None:
    """As UTF-16 these bytes hold 么, one of the commonest characters."""
    with pytest.raises(ReadError, match="unknown encoding"):
        decode("HN\x80".encode("gb18030"), PATH)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data, PATH)
    except ReadError as error:
        assert "报告.txt" in str(error)
    else:
        assert decoded.text.encode(decoded.encoding) in (data, data[2:], data[3:], data[4:])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TRADITIONAL, "big5"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "euc_kr"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
    ],
)
def test_other_encodings_are_refused(text: str, encoding: str) -> None:
    with pytest.raises(ReadError, match="unknown encoding") as caught:
        decode(text.encode(encoding), PATH)
    assert "gb18030" in str(caught.value)
    assert "iconv" in caught.value.remedy


def test_big5_is_named_in_the_remedy() -> None:
    with pytest.raises(ReadError, match=r"iconv -f BIG5 -t UTF-8 '报告\.txt'"):
        decode(TRADITIONAL.encode("big5"), PATH)


def test_traditional_chinese_is_read_where_the_encoding_holds_it() -> None:
    for encoding in ("utf-8", "gb18030", "utf-16"):
        assert decode(TRADITIONAL.encode(encoding), PATH).text == TRADITIONAL


@pytest.mark.parametrize("wrong", ["gb18030", "latin-1", "cp1252", "euc_kr"])
def test_mojibake_saved_as_utf8_is_refused(wrong: str) -> None:
    saved = SIMPLIFIED.encode("gb18030" if wrong != "gb18030" else "utf-8").decode(wrong, errors="ignore")
    with pytest.raises(ReadError, match=r"mojibake.*letters are common Chinese characters"):
        decode(saved.encode("utf-8"), PATH)


def test_a_misread_part_of_a_long_text_is_refused_with_its_place() -> None:
    broken = TRADITIONAL.encode("big5").decode("gb18030", errors="ignore")
    text = SIMPLIFIED * 100 + broken * 30 + SIMPLIFIED * 100
    start = -(-len(SIMPLIFIED) * 100 // BLOCK) * BLOCK
    with pytest.raises(ReadError, match=rf"mojibake.*least from offset {start}"):
        decode(text.encode("utf-8"), PATH)


def test_a_cut_utf8_file_is_refused_with_the_byte() -> None:
    data = SIMPLIFIED.encode("utf-8")[:-2]
    with pytest.raises(ReadError, match=rf"utf-8: byte 0x\w\w at byte offset {len(data) - 2}"):
        decode(data, PATH)


def test_lost_characters_are_refused_in_number_and_noted_when_rare() -> None:
    with pytest.raises(ReadError, match=r"damaged text: 4 lost characters.*first at 5"):
        decode((SIMPLIFIED[:5] + "\ufffd" * 4 + SIMPLIFIED).encode(), PATH)
    with pytest.raises(ReadError, match="damaged text"):
        decode((SIMPLIFIED + "锟斤拷" * 20).encode("gb18030"), PATH)
    decoded = decode((SIMPLIFIED * 20 + "\ufffd").encode(), PATH)
    assert decoded.notes == (f"1 lost characters (U+FFFD or 锟斤拷), first at offset {len(SIMPLIFIED) * 20}",)


def test_private_use_characters_are_noted_and_runs_refused() -> None:
    decoded = decode(("\uf0b7 " + SIMPLIFIED).encode(), PATH)
    assert decoded.text.startswith("\uf0b7")
    assert decoded.notes == ("1 private-use characters, first at offset 0",)
    with pytest.raises(ReadError, match="private-use"):
        decode((SIMPLIFIED + "\ue5e5" * 9).encode(), PATH)


def test_control_characters_stay_where_they_are() -> None:
    text = "全年\x07完成\x1b投资\x7f3亿元。\x0b\x0c"
    decoded = decode(text.encode(), PATH)
    assert decoded.text == text
    assert decoded.notes == ("3 control characters kept as they are",)


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01\0\0\0\0\0\0",
        bytes(range(256)) * 4,
        b"\x01\x02\x03\x04abc",
        b"abc\0def",
        b"\xff\xfe\0\0",
    ],
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"binary file|UTF-32"):
        decode(data, PATH)


def test_a_utf16_file_with_a_lone_surrogate_is_refused() -> None:
    data = b"\xff\xfe" + SIMPLIFIED.encode("utf-16-le") + b"\x00\xd8a\x00"
    with pytest.raises(ReadError, match=r"byte order mark of utf-16-le.*surrogate"):
        decode(data, PATH)


def test_text_without_chinese_is_read_as_utf8_and_says_so() -> None:
    assert decode(b"GDP 12.6\r\n", PATH).notes == ("the text holds no Chinese character",)
    with pytest.raises(ReadError, match="mojibake"):
        decode("résumé".encode(), PATH)
