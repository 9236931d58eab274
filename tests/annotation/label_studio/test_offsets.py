from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from annotation.label_studio.offsets import Found, Marked, locate

# Other tests may have the processor for a while.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

TEXT = "全年  新增😀车位320个。\r\n服务🏠老人1200人次，  好评率98%。\r\n"


def counted(offset, *, units=False, lines=False, blanks=False, text=TEXT):
    """The offset as another program counts it."""
    before = text[:offset]
    if lines:
        before = before.replace("\r\n", "\n")
    while blanks and "  " in before:
        before = before.replace("  ", " ")
    return len(before.encode("utf-16-le")) // 2 if units else len(before)


def marked(quote, text=TEXT, **way):
    start = text.index(quote)
    return Marked(counted(start, text=text, **way), counted(start + len(quote), text=text, **way), quote)


def test_what_is_in_place_stays() -> None:
    marks = [marked("车位"), marked("98")]
    assert locate(TEXT, marks) == [Found((mark.start, mark.end)) for mark in marks]


def test_without_a_quote_the_offsets_are_believed() -> None:
    assert locate(TEXT, [Marked(0, 2, None)]) == [Found((0, 2))]
    assert locate(TEXT, [Marked(0, 999, None)])[0].offsets is None


def test_each_way_of_counting_is_recognised() -> None:
    ways = {
        "counted in UTF-16 units": {"units": True},
        "counted in \\r\\n as one": {"lines": True},
        "counted in runs of blanks as one": {"blanks": True},
        "counted in UTF-16 units and \\r\\n as one": {"units": True, "lines": True},
        "counted in UTF-16 units and \\r\\n as one and runs of blanks as one": {
            "units": True,
            "lines": True,
            "blanks": True,
        },
    }
    for name, way in ways.items():
        quotes = ("车位", "320", "1200", "人次", "好评率", "98")
        found = locate(TEXT, [marked(quote, **way) for quote in quotes])
        assert [TEXT[slice(*one.offsets)] for one in found] == list(quotes)
        assert found[-1].repair == name


def test_line_ends_and_blanks_inside_a_quote_may_differ() -> None:
    text = "甲\r\n乙  丙"
    assert locate(text, [Marked(0, 7, "甲\n乙 丙")]) == [Found((0, 7))]
    assert locate(text, [Marked(0, 4, "甲\\n乙")]) == [Found((0, 4))]


def test_the_only_place_near_is_taken() -> None:
    (found,) = locate(TEXT, [Marked(2, 4, "车位")])
    assert found.offsets == (7, 9)
    assert found.repair == "found +5 characters away, the only place near"


def test_several_places_near_are_no_answer() -> None:
    text = "新增5个，改造5个，又有5个，还有5个"
    (found,) = locate(text, [Marked(4, 5, "5")])
    assert found.offsets is None
    assert "which are equally likely" in found.repair


def test_a_neighbour_shows_the_way_among_several() -> None:
    text = "新增车位5个，改造绿道5个，又有5个"
    found = locate(text, [Marked(text.index("绿道") - 3, text.index("绿道") - 1, "绿道"), Marked(8, 9, "5")])
    assert found[1].offsets == (11, 12)
    assert "like its neighbour" in found[1].repair


def test_far_away_is_not_near() -> None:
    text = "桥" + "好" * 60 + "车位"
    assert locate(text, [Marked(0, 2, "车位")])[0] == Found(None, "it stands nowhere near")


def test_without_offsets_the_only_place_in_the_text_is_taken() -> None:
    assert locate("好" * 60 + "车位", [Marked(-1, -1, "车位")])[0].offsets == (60, 62)
    assert locate("车位和车位", [Marked(-1, -1, "车位")])[0].offsets is None


@PATIENT
@given(
    st.text(st.sampled_from("甲乙1 2😀𠮷\r\n，"), min_size=1, max_size=60),
    st.data(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_whatever_is_found_says_the_quote(text, data, units, lines, blanks) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    assume(quote.strip())
    way = {"units": units, "lines": lines, "blanks": blanks, "text": text}
    (found,) = locate(text, [Marked(counted(start, **way), counted(end, **way), quote)])
    if found.offsets is not None:
        assert text[slice(*found.offsets)].split() == quote.split()


@PATIENT
@given(st.text(st.sampled_from("甲乙1😀"), min_size=4, max_size=40))
def test_many_marks_in_another_counting_all_come_home(text) -> None:
    pairs = [(at, at + 2) for at in range(len(text) - 1)]
    marks = [
        Marked(counted(a, units=True, text=text), counted(b, units=True, text=text), text[a:b])
        for a, b in pairs
    ]
    in_place = [(mark.start, mark.end) for mark in marks]
    true = all(
        b <= len(text) and text[a:b] == mark.quote for (a, b), mark in zip(in_place, marks, strict=True)
    )
    assert [one.offsets for one in locate(text, marks)] == (in_place if true else pairs)
