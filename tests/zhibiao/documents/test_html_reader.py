"""HTML: the article and its tables, the charset, metadata around the text, and what is reported."""

from pathlib import Path

import pytest

from zhibiao.documents import read
from zhibiao.documents.html_reader import extract
from zhibiao.errors import ReadError

PATH = Path("报告.html")
ARTICLE = "".join(
    f"<p>　　全年完成第{n}类投资{n}.6亿元，同比增长8.3%，新增就业岗位3120个。</p>\n" for n in range(1, 9)
)


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def text_of(body: str) -> str:
    return extract(page(body), PATH).text


def test_blocks_become_lines_and_inline_marks_do_not_tear_numbers() -> None:
    text = text_of(
        "<h1>云溪镇工作报告</h1><p>　　完成投资<b>12</b>.<span>6</span>亿元，\n   增长8.3%。&nbsp;</p>"
        "<div>新增<br>企业35家</div>尾段<ol start='3'><li>工业</li><li>农业</li></ol>"
    )
    assert text == "云溪镇工作报告\n完成投资12.6亿元，增长8.3%。\n新增\n企业35家\n尾段\n3.工业\n4.农业\n"


def test_tables_become_rows_in_document_order() -> None:
    text = text_of(
        "<p>前</p><table><caption>表一</caption><thead><tr><th>指标</th><th>完成</th></tr></thead>"
        "<tr><td rowspan=2>工业</td><td><p>产值</p><p>（亿元）</p></td><td>12.6</td></tr>"
        "<tr><td colspan=2>合计<table><tr><td>甲</td><td>3</td></tr></table></td><td>9</td></tr></table>"
        "<p>后</p>"
    )
    assert text == "前\n表一\n指标\t完成\n工业\t产值 （亿元）\t12.6\n合计 甲\t3\t9\n后\n"


def test_a_table_that_lays_out_the_page_keeps_its_paragraphs() -> None:
    text = text_of(f"<table><tr><td><a href='/'>首页</a></td><td>{ARTICLE}</td></tr></table>")
    assert text.count("\n") == 8
    assert "首页" not in text


def test_menus_footers_and_hidden_parts_are_left_out_and_counted() -> None:
    extracted = extract(
        page(
            "<nav><a href='/'>首页</a></nav><ul><li><a href='/a'>政务公开</a></li></ul>"
            f"<div id='x'>{ARTICLE}<p style='display: none'>隐藏文字</p>"
            "<script>var a = '全年';</script></div>"
            "<footer>版权所有</footer>"
        ),
        PATH,
    )
    assert extracted.text.count("\n") == 8
    assert extracted.text.startswith("全年完成第1类投资1.6亿元")
    assert extracted.notes == (
        "left out: 10 characters around the article",
        "left out: 4 characters in menus, footers and hidden parts",
    )


def test_a_table_beside_the_paragraphs_belongs_to_the_article() -> None:
    table = "<table>" + "<tr><td>工业产值</td><td>12.6亿元</td></tr>" * 8 + "</table>"
    text = text_of(f"<div><a href='/'>首页</a></div><div><div>{ARTICLE}</div><div>{table}</div></div>")
    assert text.count("工业产值\t12.6亿元\n") == 8
    assert "首页" not in text


def test_metadata_around_the_text_is_found_with_its_place(tmp_path: Path) -> None:
    head = (
        '<title>云溪镇2023年工作报告_临江区人民政府</title><meta name="PubDate" content="2024-01-12 10:22">'
        '<meta name="ContentSource" content="临江日报">'
        '<meta name="ArticleTitle" content="云溪镇2023年政府工作报告">'
    )
    table = "<table><tr><td>索 引 号：</td><td>LJ001/2024-00012</td>"
    table += "<td>发布机构</td><td>临江区云溪镇人民政府</td></tr></table>"
    path = tmp_path / "a.html"
    path.write_bytes(page(f"{table}<div>{ARTICLE}</div>", head))
    metadata = read(path).metadata
    assert metadata.title == "云溪镇2023年政府工作报告"
    assert metadata.published == "2024-01-12"
    assert metadata.index_number == "LJ001/2024-00012"
    assert metadata.publisher == "临江区云溪镇人民政府"
    assert metadata.findings["title"].source == "html:meta ArticleTitle"
    assert metadata.findings["publisher"].source == "html:table 发布机构"


def test_the_source_of_a_page_is_its_publisher_only_where_nothing_else_says(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    head = '<meta name="ContentSource" content="临江区政府办公室">'
    path.write_bytes(page(ARTICLE, head))
    finding = read(path).metadata.findings["publisher"]
    assert (finding.value, finding.source) == ("临江区政府办公室", "html:meta ContentSource")
    path.write_bytes(page(f"<p>发布机构：云溪镇人民政府</p>{ARTICLE}", head))
    assert read(path).metadata.publisher == "云溪镇人民政府"
    path.write_bytes(page(ARTICLE, '<meta name="ContentSource" content="临江日报">'))
    assert read(path).metadata.publisher is None


def test_a_page_title_counts_only_when_worded_like_a_report() -> None:
    known = extract(page(ARTICLE, "<title>云溪镇2023年工作总结_云溪镇</title>"), PATH).known
    assert known["title"].value == "云溪镇2023年工作总结"
    assert known["title"].source == "html:title"
    assert extract(page(ARTICLE, "<title>临江区人民政府门户网站</title>"), PATH).known == {}


@pytest.mark.parametrize(
    ("encoding", "declared", "note"),
    [
        ("gb18030", "gb2312", None),
        ("gb18030", "GBK", None),
        ("utf-8", "utf-8", None),
        ("utf-8-sig", "utf-8", None),
        ("utf-8", "gb2312", "the page declares gb2312, but its bytes are utf-8"),
        ("gb18030", "utf-8", "the page declares utf-8, but its bytes are gb18030"),
        ("gb18030", "iso-8859-1", "the page declares iso-8859-1, but its bytes are gb18030"),
        ("utf-16", "utf-16", None),
    ],
)
def test_the_bytes_decide_the_charset(encoding: str, declared: str, note: str | None) -> None:
    source = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head>'
    extracted = extract(f"{source}<body>{ARTICLE}</body></html>".encode(encoding), PATH)
    assert extracted.text.startswith("全年完成第1类投资1.6亿元，")
    assert (note in extracted.notes) == (note is not None)
    assert [each for each in extracted.notes if "declares" in each] == ([note] if note else [])


def test_another_charset_is_refused() -> None:
    source = f'<html><head><meta charset="big5"></head><body>{ARTICLE}</body></html>'
    with pytest.raises(
        ReadError, match=r"declares big5, its bytes read as gb18030; convert it: iconv -f big5"
    ):
        extract(source.encode("gb18030"), PATH)
    with pytest.raises(ReadError, match="unknown encoding"):
        extract(b"<html><body>" + "過去一年完成固定資產投資十二億元".encode("big5") * 9, PATH)


def test_entities_are_text(tmp_path: Path) -> None:
    path = tmp_path / "a.htm"
    path.write_bytes(b"<html><body><p>&#20840;&#24180;12&middot;6&#x4EBF;&lt;script&gt;</p></body></html>")
    document = read(path)
    assert document.text == "全年12·6亿<script>\n"
    assert not any("no Chinese" in note for note in document.notes)


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        ("<html><head><title>报告</title></head></html>", "without a body"),
        ("<html><frameset><frame src='a.html'></frameset></html>", "its frames hold the text"),
        ("<html><body><script>load('全年')</script></body></html>", "no text in its body"),
        ("<html><body> <p>&nbsp;</p></body></html>", "no text in its body"),
        ("全年完成投资3亿元。", "named .html but holds plain text"),
    ],
)
def test_pages_without_text_are_refused(source: str, finding: str) -> None:
    with pytest.raises(ReadError, match="报告.html: ") as caught:  # noqa: RUF043
        extract(source.encode(), PATH)
    assert finding in caught.value.finding
    assert caught.value.remedy


def test_unclosed_tags_nest_by_the_hundred_and_are_read() -> None:
    text = text_of("".join(f"<font><span><p>第{n}段投资{n}亿元。" for n in range(600)))
    assert text.count("段投资") == 600


@pytest.mark.parametrize("tags", ["<div>", "<table><tr><td>"])
def test_nesting_without_end_is_refused(tags: str) -> None:
    with pytest.raises(ReadError, match="nested too deeply; open it in a browser"):
        text_of(tags * 3000 + "全年完成投资3亿元。")
