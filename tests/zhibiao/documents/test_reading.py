"""`read`: plain text untouched, ids, overrides, and every refusal with file, finding and remedy."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import zhibiao
from zhibiao.documents import FORMATS, read, supported
from zhibiao.errors import ConfigError, ReadError

REPORT = (
    "云溪镇2023年工作总结和2024年工作思路\r\n"
    "一、2023年工作回顾\r\n全年完成固定资产投资12.6亿元,同比增长8.3%;新增就业岗位3120个。\r\n"
    "二、2024年工作安排\r\n力争固定资产投资增长9%。\r\n"
)


def write(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_text_stays_as_it_is_and_the_source_is_recorded(tmp_path: Path) -> None:
    path = write(tmp_path, "云溪镇.txt", REPORT)
    document = read(path)
    assert document.text == REPORT
    assert document.id == "云溪镇"
    assert document.source is not None
    assert document.source.name == "云溪镇.txt"
    assert document.source.format == "txt"
    assert document.source.encoding == "utf-8"
    assert document.source.sha256 == hashlib.sha256(REPORT.encode()).hexdigest()
    assert document.metadata.report_year == 2023


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_offsets_count_code_points_of_the_decoded_text(tmp_path: Path, encoding: str) -> None:
    document = read(write(tmp_path, "a.txt", REPORT.encode(encoding)))
    assert document.text == REPORT
    assert document.source is not None
    assert any(document.source.encoding in note for note in document.notes if document.source.encoding)


def test_odd_characters_neither_raise_nor_shift_an_offset(tmp_path: Path) -> None:
    text = REPORT + "产量\x07３４５\u0669\u0663吨，𠮷田𝟙𝟚户。\r\n\x1b[0m完成１２项。"
    document = read(write(tmp_path, "odd.txt", text))
    assert document.text == text
    assert "1 control" not in "".join(document.notes)
    assert any("control characters kept" in note for note in document.notes)


def test_radicals_are_written_as_characters_except_in_plain_text(tmp_path: Path) -> None:
    page = read(write(tmp_path, "a.html", f"<html><body><p>{REPORT}<p>工业增⻓3%。"))
    assert "增长3%" in page.text
    assert "1 radicals written as the characters they stand for (⻓ as 长)" in page.notes
    text = read(write(tmp_path, "a.txt", REPORT + "工业增⻓3%。"))
    assert text.text.endswith("增⻓3%。")
    assert any(note.startswith("1 radicals stand for characters") for note in text.notes)


def test_zhibiao_read_is_the_same(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", REPORT)
    assert zhibiao.read(path, id="x") == read(str(path), id="x")


def test_options_win_and_are_checked(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", REPORT)
    document = read(path, id="x-1", overrides={"district": "临江区", "report_year": 2021})
    assert (document.id, document.metadata.district, document.metadata.report_year) == ("x-1", "临江区", 2021)
    assert document.metadata.findings["district"].source == "option"
    with pytest.raises(ConfigError, match="option 'distrct' is unknown; known are title"):
        read(path, overrides={"distrct": "临江区"})
    with pytest.raises(ConfigError, match="option report_year: report_year is '二零'; expected a year"):
        read(path, overrides={"report_year": "二零"})


def test_a_title_is_taken_from_the_file_name_only_where_the_text_has_none(tmp_path: Path) -> None:
    bare = "全年完成固定资产投资12.6亿元，新增就业岗位3120个。\n"
    named = read(write(tmp_path, "云溪镇2023年工作报告.txt", bare)).metadata
    assert named.title == "云溪镇2023年工作报告"
    assert named.findings["title"].source == "file name"
    assert read(write(tmp_path, "scan01.txt", bare)).metadata.title is None
    assert read(write(tmp_path, "别的工作报告.txt", REPORT)).metadata.findings["title"].source == "text"


def test_supported_looks_at_the_extension() -> None:
    assert set(FORMATS) == {".txt", ".html", ".htm", ".docx", ".pdf"}
    assert supported("a/报告.TXT") and supported(Path("b.Docx"))
    assert not supported("a.doc") and not supported("a")


@pytest.mark.parametrize(
    ("name", "data", "finding", "remedy"),
    [
        ("a.txt", b"", "an empty file", "get the report"),
        ("a.txt", b" \r\n\t\n", "only blanks", "get the report"),
        ("a.txt", b"\xef\xbb\xbf", "only blanks", "get the report"),
        ("a.txt", b"%PDF-1.7\n...", "named .txt but holds a PDF", "rename it to a.pdf"),
        (
            "a.txt",
            "<!DOCTYPE html><html><body>全年</body></html>",
            "holds an HTML page",
            "rename it to a.html",
        ),
        ("a.html", b"%PDF-1.7\n...", "named .html but holds a PDF", "rename it to a.pdf"),
        ("a.docx", "全年完成投资3亿元。", "named .docx but not a DOCX document", "get it again"),
        ("a.pdf", "全年完成投资3亿元。", "named .pdf but not a PDF", "get it again"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "old Word",
            "libreoffice",
        ),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password-protected",
            "without",
        ),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "old Word",
            "libreoffice --headless --convert-to docx 'a.doc'",
        ),
        (
            "a.doc",
            "<html><body>全年</body></html>",
            "named .doc but holds an HTML page",
            "rename it to a.html",
        ),
        (
            "a.wps",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "WPS document",
            "libreoffice --headless --convert-to docx",
        ),
        (
            "a.rtf",
            b"{\\rtf1 abc}",
            "an RTF document, which is not read",
            "libreoffice --headless --convert-to docx",
        ),
        ("a.ofd", b"PK\x03\x04", "an OFD document, which is not read", "export it as DOCX or PDF"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a spreadsheet", "--convert-to html 'a.xls'"),
        ("a.png", b"\x89PNG\r\n", "an image", "OCR"),
        ("a.jpg.txt", b"\xff\xd8\xff\xe0", "named .txt but holds an image", "OCR"),
        ("a.zip", b"PK\x03\x04", "an archive", "unpack"),
        ("a.mht", "MIME-Version: 1.0", "web archive", "save it as HTML"),
        (
            "a.md",
            "# 全年",
            "the extension '.md' is not read (only .txt .html .htm .docx .pdf)",
            "rename it to .txt",
        ),
        ("README", b"%PDF-1.7", "without an extension but holds a PDF", "rename it to README.pdf"),
        ("a.txt", bytes(range(256)), "a binary file", "document file"),
    ],
)
def test_a_refusal_names_file_finding_and_remedy(
    tmp_path: Path, name: str, data: str | bytes, finding: str, remedy: str
) -> None:
    path = write(tmp_path, name, data)
    with pytest.raises(ReadError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert finding in caught.value.finding
    assert remedy in caught.value.remedy


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file; check the name"):
        read(tmp_path / "none.txt")
    folder = tmp_path / "folder.txt"
    folder.mkdir()
    with pytest.raises(ReadError, match=r"folder\.txt: a folder, not a file; .*zhibiao extract"):
        read(folder)
    with pytest.raises(ReadError, match="cannot be read"):
        read(tmp_path / ("长" * 200 + ".txt"))


def test_a_named_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(ReadError, match="not a regular file"):
        read(tmp_path / "pipe.txt")


def test_denied_permission_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root reads what chmod forbids, so the refusal of the system is played."""

    def deny(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    path = write(tmp_path, "a.txt", REPORT)
    monkeypatch.setattr(Path, "read_bytes", deny)
    with pytest.raises(ReadError, match=r"a\.txt: no permission to read it; change its permissions"):
        read(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_chmod_forbids_reading(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", REPORT)
    path.chmod(0)
    with pytest.raises(ReadError, match="no permission"):
        read(path)


def test_an_enormous_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(257 << 20)
    with pytest.raises(ReadError, match="257 MiB, more than 256 MiB; split it"):
        read(path)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_fifty_megabytes_are_read_in_bounded_memory(tmp_path: Path, encoding: str) -> None:
    line = "全年完成第{}类固定资产投资12.6亿元，同比增长8.3%；新增就业岗位3120个，新建道路12.5公里。\n"
    path = tmp_path / "big.txt"
    with path.open("w", encoding=encoding, newline="") as file:
        for number in range(50_000_000 // len(line.encode(encoding))):
            file.write(line.format(number))
    program = (
        "import resource, sys, zhibiao.documents as documents\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024\n"
        "before = peak(); documents.read(sys.argv[1]); print(peak() - before)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < 8 * path.stat().st_size
