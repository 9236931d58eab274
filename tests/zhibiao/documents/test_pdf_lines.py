"""Lines to paragraphs: nothing is lost, nothing torn that stands on full lines."""

from hypothesis import given
from hypothesis import strategies as st

from zhibiao.documents.pdf_lines import Line, drop_running, paragraphs

SIZE = 14.0
LEFT, RIGHT = 72.0, 520.0


def full(text: str, *, indent: float = 0) -> Line:
    return Line(text, LEFT + indent * SIZE, RIGHT, SIZE)


def short(text: str, *, indent: float = 0) -> Line:
    return Line(text, LEFT + indent * SIZE, LEFT + (indent + len(text)) * SIZE, SIZE)


lines = st.builds(
    Line,
    st.text(alphabet="全年完成投资亿元12.6。；：，一、（）", min_size=1, max_size=30),
    st.floats(0, 300),
    st.floats(300, 600),
    st.floats(8, 20),
    st.booleans(),
)


@given(st.lists(st.lists(lines, max_size=8), max_size=6))
def test_no_character_is_lost(pages: list[list[Line]]) -> None:
    given_text = "".join(line.text for page in pages for line in page)
    assert "".join(paragraphs(pages)) == given_text


@given(st.lists(st.lists(lines, max_size=8), max_size=6))
def test_what_is_dropped_is_counted(pages: list[list[Line]]) -> None:
    running = drop_running(pages)
    kept = sum(map(len, running.pages))
    assert kept + running.page_numbers + running.heads == sum(map(len, pages))


def test_a_number_broken_between_pages_is_whole_again() -> None:
    pages = [[full("全年完成固定资产投资1", indent=2)], [short("2.6亿元。"), full("新增", indent=2)]]
    assert list(paragraphs(pages)) == ["全年完成固定资产投资12.6亿元。", "新增"]


def test_a_sentence_that_ends_on_a_full_line_goes_on_where_paragraphs_are_indented() -> None:
    page = [
        full("全年完成投资3亿元。", indent=2),
        full("其中工业投资1亿元。"),
        short("占比33%。"),
        full("农业", indent=2),
    ]
    assert list(paragraphs([page])) == ["全年完成投资3亿元。其中工业投资1亿元。占比33%。", "农业"]
    flush = [full("全年完成投资3亿元。"), full("其中工业投资1亿元。")]
    assert list(paragraphs([flush])) == ["全年完成投资3亿元。", "其中工业投资1亿元。"]


def test_headings_and_rows_stand_alone() -> None:
    page = [
        full("全年形势好于预期"),
        full("（二）农业"),
        full("3.工业"),
        Line("甲\t3", LEFT, RIGHT, 0, row=True),
    ]
    assert list(paragraphs([page])) == ["全年形势好于预期", "（二）农业", "3.工业", "甲\t3"]


def test_a_decimal_at_a_line_start_is_no_heading() -> None:
    assert list(paragraphs([[full("完成投资"), full("12.6亿元")]])) == ["完成投资12.6亿元"]


def test_page_numbers_of_many_forms() -> None:
    for form in ("{}", "- {} -", "—{}—", "第{}页", "{}/9", "第 {} 页 共 9 页", "第{}页，共9页"):
        pages = [[short("正文"), short(form.format(number))] for number in (1, 2, 3)]
        assert drop_running(pages).page_numbers == 3, form


def test_a_heading_drawn_with_radicals_is_one() -> None:
    assert list(paragraphs([[full("全年形势好于预期"), full("⼆、农业")]])) == [
        "全年形势好于预期",
        "⼆、农业",
    ]


def test_a_line_with_page_and_pages_recurs() -> None:
    pages = [[short(f"正文{'甲乙丙'[number]}段"), short(f"a.html {number + 1}/3")] for number in range(3)]
    assert drop_running(pages).heads == 3


def test_running_heads_recur_with_or_without_their_page_number() -> None:
    pages = [
        [short(f"云溪镇文件 {number}"), short(f"正文{'甲乙丙丁'[number]}段"), short("内部资料")]
        for number in range(4)
    ]
    running = drop_running(pages)
    assert running.heads == 8
    assert [page[0].text for page in running.pages] == ["正文甲段", "正文乙段", "正文丙段", "正文丁段"]
