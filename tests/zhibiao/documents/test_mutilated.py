"""Damaged files of every format are read or refused; nothing else is ever raised."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from zhibiao.documents import docx_reader, html_reader, pdf_reader, text_reader
from zhibiao.documents.extracted import Extracted
from zhibiao.errors import ReadError

LINE = "全年完成固定资产投资12.6亿元，同比增长8.3%。"
TABLE = f"<table><tr><td>{LINE}</td><td>3</td></tr></table>"
PAGE = f"<html><head><title>报告</title></head><body>{TABLE}<p>{LINE}</p>"


def word_file() -> bytes:
    document = docx.Document()
    document.add_paragraph(LINE, style="List Number")
    document.add_table(1, 2).cell(0, 0).text = "工业"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def print_file() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pageCompression=0)
    canvas.drawString(72, 700, "GDP 12.6")
    canvas.grid([50, 100, 200], [100, 150, 200])
    canvas.save()
    return buffer.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("whole", "extract"),
    [
        (word_file(), docx_reader.extract),
        (print_file(), pdf_reader.extract),
        (PAGE.encode(), html_reader.extract),
        (LINE.encode("gb18030"), text_reader.extract),
    ],
    ids=["docx", "pdf", "html", "txt"],
)
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    edits=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=4), st.integers(0, 40)), max_size=5
    )
)
def test_damaged_files_are_read_or_refused(
    whole: bytes, extract: Callable[[bytes, Path], Extracted], edits: list[tuple[float, bytes, int]]
) -> None:
    data = whole
    for place, inserted, deleted in edits:
        at = int(place * len(data))
        data = data[:at] + inserted + data[at + deleted :]
    try:
        assert isinstance(extract(data, Path("报告")).text, str)
    except ReadError as error:
        assert error.finding and error.remedy
