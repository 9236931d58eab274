"""DOCX made by python-docx or by hand: what is kept, what is reported, what is refused."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document as DocxDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from zhibiao.documents import read
from zhibiao.documents.docx_reader import extract
from zhibiao.errors import ReadError

PATH = Path("报告.docx")


def saved(document: DocxDocument) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return buffer.getvalue()


def text_of(document: DocxDocument) -> str:
    return extract(saved(document), PATH).text


def append(document: DocxDocument, xml: str) -> None:
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(xml))  # before the section properties


def test_paragraphs_and_tables_stand_in_document_order() -> None:
    document = docx.Document()
    document.add_heading("云溪镇2023年工作报告", 0)
    document.add_paragraph("一、2023年工作回顾")
    table = document.add_table(rows=2, cols=3)
    for row, cells in zip(
        table.rows, [("指标", "完成", "增长"), ("工业产值", "12.6亿元", "8.3%")], strict=True
    ):
        for cell, value in zip(row.cells, cells, strict=True):
            cell.text = value
    document.add_paragraph("全年新增就业岗位3120个。")
    assert text_of(document) == (
        "云溪镇2023年工作报告\n一、2023年工作回顾\n指标\t完成\t增长\n工业产值\t12.6亿元\t8.3%\n全年新增就业岗位3120个。\n"
    )


def test_merged_cells_are_not_repeated() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for row, cells in enumerate([("项目", "", "2023年"), ("工业", "产值", "12.6"), ("", "利润", "1.4")]):
        for column, value in enumerate(cells):
            table.cell(row, column).text = value
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 0).merge(table.cell(2, 0))
    assert text_of(document) == "项目\t2023年\n工业\t产值\t12.6\n\t利润\t1.4\n"


def test_nested_tables_and_cells_of_several_paragraphs() -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "农业\n（亩）"
    inner = table.cell(0, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "水稻", "3200"
    assert text_of(document) == "农业 （亩）\t水稻\t3200\n"


def test_a_table_that_lays_out_prose_keeps_its_paragraphs() -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "\n".join(["全年完成投资3亿元，新建道路12公里。" * 4] * 3)
    table.cell(0, 1).text = "页边"
    assert text_of(document).count("\n") == 4


def test_breaks_tabs_links_and_insertions_are_kept_and_deletions_reported() -> None:
    document = docx.Document()
    runs = (
        '<w:r><w:t xml:space="preserve">全年 </w:t><w:tab/><w:t>完成</w:t><w:br/><w:t>投资</w:t></w:r>'
        "<w:hyperlink><w:r><w:t>12.6</w:t></w:r></w:hyperlink><w:ins><w:r><w:t>亿元</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>万元</w:delText></w:r></w:del><w:r><w:footnoteReference/></w:r>"
        "<w:sdt><w:sdtContent><w:r><w:t>。</w:t></w:r></w:sdtContent></w:sdt>"
    )
    control = "<w:sdtContent><w:p><w:r><w:t>控件中的段落</w:t></w:r></w:p></w:sdtContent>"
    append(document, f"<w:p {nsdecls('w')}>{runs}</w:p>")
    append(document, f"<w:sdt {nsdecls('w')}>{control}</w:sdt>")
    extracted = extract(saved(document), PATH)
    assert extracted.text == "全年 \t完成\n投资12.6亿元。\n控件中的段落\n"
    assert extracted.notes == ("left out: 1 footnotes, 1 tracked deletions",)


def test_text_boxes_are_read_once() -> None:
    document = docx.Document()
    box = "<w:txbxContent><w:p><w:r><w:t>框内新增企业35家</w:t></w:r></w:p></w:txbxContent>"
    append(
        document,
        f"""<w:p {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
        xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
        xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:t>段落</w:t><mc:AlternateContent>
        <mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>
        <mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>""",
    )
    assert text_of(document) == "段落\n框内新增企业35家\n"


def test_page_headers_are_left_out_and_reported() -> None:
    document = docx.Document()
    document.add_paragraph("全年新增就业岗位3120个。")
    document.sections[0].header.paragraphs[0].text = "云溪镇政府文件"
    extracted = extract(saved(document), PATH)
    assert "文件" not in extracted.text
    assert extracted.notes == ("left out: 7 characters of page headers and footers",)


def numbered(document: DocxDocument, text: str, number: int, depth: int) -> None:
    properties = document.add_paragraph(text)._p.get_or_add_pPr()
    element = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", depth), ("w:numId", number)):
        child = OxmlElement(tag)
        child.set(qn("w:val"), str(value))
        element.append(child)
    properties.append(element)


def define(document: DocxDocument, *levels: tuple[str, str]) -> None:
    """List 90 with these levels, and list 91 which restarts it."""
    root = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/>'
        f'<w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (format, text) in enumerate(levels)
    )
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{inner}</w:abstractNum>'))
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    for number, extra in ((90, ""), (91, override)):
        root.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="90"/>{extra}</w:num>'
            )
        )


def test_automatic_numbers_are_written_out() -> None:
    document = docx.Document()
    define(document, ("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    for text, number, depth in [
        ("回顾", 90, 0),
        ("经济", 90, 1),
        ("工业", 90, 2),
        ("农业", 90, 2),
        ("民生", 90, 1),
        ("就业", 90, 2),
        ("安排", 90, 0),
        ("目标", 90, 1),
        ("附录", 91, 0),
    ]:
        numbered(document, text, number, depth)
    expected = "一、回顾 （一）经济 1.工业 2.农业 （二）民生 1.就业 二、安排 （一）目标 一、附录"
    assert text_of(document).split() == expected.split()


@pytest.mark.parametrize(
    ("format", "pattern", "expected"),
    [
        ("chineseCounting", "%1、", ["一、", "九、", "十、", "十一、", "二十、", "二十一、"]),
        ("decimal", "第%1", ["第1", "第9", "第10", "第11", "第20", "第21"]),
        ("decimal", "%1", ["1 ", "9 ", "10 ", "11 ", "20 ", "21 "]),
        ("lowerLetter", "%1)", ["a)", "i)", "j)", "k)", "t)", "u)"]),
        ("upperRoman", "%1.", ["I.", "IX.", "X.", "XI.", "XX.", "XXI."]),
        ("decimalEnclosedCircleChinese", "%1", ["①", "⑨", "⑩", "⑪", "⑳", "21 "]),
        ("decimalFullWidth", "%1．", ["１．", "９．", "１０．", "１１．", "２０．", "２１．"]),
        ("ideographTraditional", "%1、", ["甲、", "壬、", "癸、", "甲、", "癸、", "甲、"]),
        ("bullet", "\uf0b7", [""] * 6),
    ],
)
def test_number_formats(format: str, pattern: str, expected: list[str]) -> None:
    document = docx.Document()
    define(document, (format, pattern))
    for _ in range(21):
        numbered(document, "项", 90, 0)
    lines = text_of(document).split("\n")
    assert [lines[at].removesuffix("项") for at in (0, 8, 9, 10, 19, 20)] == expected


def test_numbers_come_from_styles_too() -> None:
    document = docx.Document()
    define(document, ("chineseCounting", "%1、"))
    base, derived = document.styles["Heading 1"], document.styles.add_style("节", 1)
    derived.base_style = base
    properties = base.element.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="90"/></w:numPr>'))
    document.add_paragraph("回顾", style=derived)
    document.add_paragraph("安排", style=base)
    assert text_of(document) == "一、回顾\n二、安排\n"


def test_read_gives_a_document(tmp_path: Path) -> None:
    document = docx.Document()
    for line in ("云溪镇2023年工作总结和2024年工作思路", "一、2023年工作回顾", "全年完成投资3.2亿元。"):
        document.add_paragraph(line)
    path = tmp_path / "a.docx"
    path.write_bytes(saved(document))
    report = read(path)
    assert report.metadata.report_year == 2023
    assert report.source is not None
    assert (report.source.format, report.source.encoding) == ("docx", None)


def report() -> bytes:
    document = docx.Document()
    document.add_paragraph("全年完成投资3.2亿元。")
    return saved(document)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    buffer = io.BytesIO(report())
    with (
        zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/big.bin", "w") as big,
    ):
        for _ in range(40):
            big.write(b"\0" * (1 << 20))
    with pytest.raises(
        ReadError, match=r"报告\.docx: unpacks to \d+ times its size \(zip bomb\?\); .*clean copy"
    ):
        extract(buffer.getvalue(), PATH)


def test_a_bomb_in_one_part_or_with_a_false_size_is_refused() -> None:
    document = b"<w>" + b" " * (65 << 20) + b"</w>"
    bomb = repacked(report(), lambda name, data: document if name == "word/document.xml" else data)
    with pytest.raises(ReadError, match=r"unpacks to 65 MiB, more than is allowed"):
        extract(bomb, PATH)
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    lying = bomb.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != bomb
    with pytest.raises(ReadError, match="a broken DOCX"):
        extract(lying, PATH)


@pytest.mark.parametrize("levels", [2, 9])
def test_an_entity_bomb_is_refused(levels: int) -> None:
    """Small ones by their DTD, large ones by the parser already."""
    entities = '<!ENTITY e0 "全">'
    for level in range(1, levels):
        entities += f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">'
    head = f"<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE x [{entities}]>".encode()

    def change(name: str, data: bytes) -> bytes:
        if name != "word/document.xml":
            return data
        return head + data.split(b"?>", 1)[1].replace("全年".encode(), f"&e{levels - 1};".encode())

    with pytest.raises(ReadError, match=r"DTD in it \(entity bomb\?\)|broken DOCX \(.*entity amplification"):
        extract(repacked(report(), change), PATH)


@pytest.mark.parametrize(
    "broken",
    [
        report()[:-200],
        report()[:60],
        repacked(report(), lambda name, data: data[:-40] if name == "word/document.xml" else data),
        repacked(report(), lambda name, data: b"" if name == "[Content_Types].xml" else data),
        repacked(report(), lambda name, data: b"<x/>" if name == "_rels/.rels" else data),
    ],
    ids=["end cut off", "beginning alone", "document cut off", "no content types", "no relations"],
)
def test_a_broken_docx_is_refused(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(broken)
    with pytest.raises(ReadError, match=r"a\.docx: a broken DOCX \(.*\); .*again"):
        read(path)


def test_a_docx_named_pdf_and_an_xlsx_named_docx_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(report())
    with pytest.raises(ReadError, match=r"named \.pdf but holds a DOCX document; rename it to a\.docx"):
        read(path)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    path = tmp_path / "b.docx"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(ReadError, match=r"named \.docx but holds a spreadsheet; convert it: libreoffice"):
        read(path)


def test_a_docx_of_pictures_only_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(saved(docx.Document()))
    with pytest.raises(ReadError, match="no text in it"):
        read(path)
