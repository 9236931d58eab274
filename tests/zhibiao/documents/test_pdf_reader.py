"""PDF made by reportlab: paragraphs rebuilt, running lines dropped, tables, scans, passwords."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate
from reportlab.platypus import Table as PrintedTable

from zhibiao.documents import read
from zhibiao.documents.pdf_reader import extract
from zhibiao.errors import ReadError

PATH = Path("报告.pdf")
FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
BODY = [
    f"全年完成第{n}类固定资产投资1{n}.6亿元，同比增长8.3%，高于年初预期；新增就业岗位3120个，新建农村道路{n}2.5公里，"
    f"改造老旧小区{n}个。各项民生支出达到2{n}.75亿元，占一般公共预算支出的81.6%，居民人均可支配收入增长6.{n}%。"
    for n in range(1, 9)
]


def printed(
    story: list[Flowable], each_page: Callable[[Canvas, SimpleDocTemplate], None] | None = None
) -> bytes:
    buffer = io.BytesIO()
    document = SimpleDocTemplate(buffer, pagesize=A4)
    draw = each_page or (lambda canvas, document: None)
    document.build(story, onFirstPage=draw, onLaterPages=draw)
    return buffer.getvalue()


def paragraph(text: str, *, indent: int = 2) -> Paragraph:
    style = ParagraphStyle(
        "正文", fontName=FONT, fontSize=14, leading=24, wordWrap="CJK", firstLineIndent=indent * 14
    )
    return Paragraph(text, style)


def drawn(*pages: list[str] | bytes) -> bytes:
    """Pages of lines, or of one picture each."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for page in pages:
        canvas.setFont(FONT, 12)
        if isinstance(page, bytes):
            canvas.drawImage(ImageReader(io.BytesIO(page)), 0, 0, *A4)
        else:
            for at, line in enumerate(page):
                canvas.drawString(72, 760 - 20 * at, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (60, 80), 200).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("indent", [0, 2])
def test_paragraphs_are_whole_again_across_lines_and_pages(indent: int) -> None:
    story = [paragraph("云溪镇2023年工作报告", indent=10), paragraph("一、2023年工作回顾", indent=indent)]
    story += [paragraph(text, indent=indent) for text in BODY]
    lines = extract(printed(story), PATH).text.split("\n")
    assert lines[:2] == ["云溪镇2023年工作报告", "一、2023年工作回顾"]
    assert "".join(lines[2:]) == "".join(BODY)
    if indent:
        assert lines[2:-1] == BODY


def test_no_number_is_torn_without_indents() -> None:
    text = extract(printed([paragraph(each, indent=0) for each in BODY]), PATH).text
    assert all(line.endswith(("。", "；")) for line in text.strip().split("\n"))


def test_page_numbers_and_running_heads_are_left_out_and_counted() -> None:
    def each_page(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont(FONT, 9)
        canvas.drawString(72, 800, "云溪镇人民政府文件")
        canvas.drawCentredString(300, 30, f"— {document.page} —")

    extracted = extract(printed([paragraph(each) for each in BODY * 4], each_page), PATH)
    assert extracted.text == "".join(f"{each}\n" for each in BODY * 4)
    pages = 5
    assert extracted.notes == (f"left out: {pages} page numbers", f"left out: {pages} running heads or feet")


def test_a_last_line_that_is_a_number_of_the_text_stays() -> None:
    text = extract(drawn(["全年新增企业（家）", "35"], ["其中规模以上工业企业（家）", "12"]), PATH).text
    assert "35" in text and "12" in text


def test_headings_begin_paragraphs() -> None:
    lines = [
        "（一）经济运行稳中有进稳中提质，发展的动能持续增强，全年形势好于预期",
        "1.工业。完成产值12.6亿元。",
        "2.农业。",
    ]
    assert extract(drawn(lines), PATH).text.split("\n")[:-1] == lines


def test_ruled_tables_become_rows_at_their_place() -> None:
    rows = [["指标", "完成", "增长"], ["工业产值", "12.6亿元", "8.3%"], ["农业产值", "3.1亿元", ""]]
    style = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), FONT, 12)]
    extracted = extract(
        printed([paragraph(BODY[0]), PrintedTable(rows, style=style), paragraph(BODY[1])]), PATH
    )
    table = "指标\t完成\t增长\n工业产值\t12.6亿元\t8.3%\n农业产值\t3.1亿元"
    assert extracted.text == f"{BODY[0]}\n{table}\n{BODY[1]}\n"


def test_tables_without_rules_keep_their_rows() -> None:
    rows = [
        ["工业产值", "12.6亿元", "8.3%"],
        ["农业产值", "3.1亿元", "2.4%"],
        ["外贸出口", "5.5亿元", "1.9%"],
    ]
    table = PrintedTable(rows, style=[("FONT", (0, 0), (-1, -1), FONT, 12)], colWidths=150)
    assert "工业产值 12.6亿元 8.3%\n农业产值 3.1亿元 2.4%\n" in extract(printed([table]), PATH).text


def test_characters_printed_twice_for_boldness_are_read_once() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont(FONT, 16)
    for shift in (0, 0.3):
        canvas.drawString(72 + shift, 700, "完成投资12.6亿元")
    canvas.save()
    assert extract(buffer.getvalue(), PATH).text == "完成投资12.6亿元\n"


def test_a_scan_is_refused_and_single_scanned_pages_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "扫描.pdf"
    path.write_bytes(drawn(picture(), picture()))
    with pytest.raises(
        ReadError, match=r"扫描\.pdf: a scanned PDF: none of its 2 pages.*ocrmypdf -l chi_sim"
    ):
        read(path)
    extracted = extract(drawn([BODY[0][:30]], picture(), [BODY[1][:30]], picture()), PATH)
    assert extracted.notes == ("pages without a text layer (scanned), not read: 2, 4",)
    with pytest.raises(ReadError, match="a PDF without text: none of its 1 pages"):
        extract(drawn([]), PATH)


def locked(user: str, font: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption(user, ownerPassword="besitzer"))
    canvas.setFont(font, 12)
    canvas.drawString(72, 700, "GDP 12.6" if font == "Helvetica" else "全年完成投资")
    canvas.save()
    return buffer.getvalue()


def test_a_password_is_reported_and_an_empty_one_is_none() -> None:
    with pytest.raises(ReadError, match=r"报告\.pdf: password-protected; open it with its password"):
        extract(locked("geheim", "Helvetica"), PATH)
    assert extract(locked("", "Helvetica"), PATH).text == "GDP 12.6\n"


def test_fonts_without_characters_are_refused() -> None:
    """reportlab leaves a CID font's character collection unencrypted, so no reader can map it."""
    with pytest.raises(ReadError, match=r"fonts do not say which characters.*\(6 unknown\).*ocrmypdf"):
        extract(locked("", FONT), PATH)


def test_faults_of_the_file_are_reported(capfd: pytest.CaptureFixture[str]) -> None:
    data = drawn(["全年完成投资12.6亿元"]).replace(
        b"/FontBBox [ -25 -254 1000 880 ]", b"/FontBBox null" + b" " * 17
    )
    assert b"FontBBox null" in data
    extracted = extract(data, PATH)
    assert extracted.text == "全年完成投资12.6亿元\n"
    assert extracted.notes[0].startswith("1 warnings of the PDF parser, first: Could not get FontBBox")
    assert capfd.readouterr().err == ""


def test_wrong_characters_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(
        drawn(["".join(map(chr, range(0x5600 + 20 * line, 0x5600 + 20 * line + 20))) for line in range(9)])
    )
    with pytest.raises(ReadError, match=r"a\.pdf: unreadable text: only \d% of its letters.*OCR"):
        read(path)


@pytest.mark.parametrize(
    "broken", [b"%PDF-1.4\n", b"%PDF-1.4\n" + b"x" * 2000, drawn(["abc"])[:300], b"%PDF-1.7\n%%EOF\n"]
)
def test_a_broken_pdf_is_refused(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(broken)
    with pytest.raises(ReadError, match=r"a\.pdf: a broken PDF \(.+\); get the file again"):
        read(path)


def test_read_gives_a_document(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(
        drawn(["云溪镇2023年工作总结和2024年工作思路", "一、2023年工作回顾", "全年完成投资3.2亿元。"])
    )
    report = read(path)
    assert report.metadata.report_year == 2023
    assert report.source is not None
    assert (report.source.format, report.source.encoding) == ("pdf", None)
