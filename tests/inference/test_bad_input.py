"""Every kind of bad input through `zhibiao extract`: a clear error, and the rest of the batch is done."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

NOBODY = 65534


def encrypted_pdf() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(100, 700, "2023")
    canvas.save()
    return file.getvalue()


def docx_without_document() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ENCRYPTED_DOCX = OLE + "EncryptedPackage".encode("utf-16-le") + bytes(1024)
GBK_AS_LATIN = "街道工作总结".encode("gb18030").decode("latin-1")

BAD = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n\t\r\n ", "no text"),
    "binary.txt": (bytes(range(256)) * 8, "binary"),
    "big5.txt": ("台北市政府施政報告，全年完成公園綠化十二處。".encode("big5") * 20, "encod"),
    "mojibake.txt": ((GBK_AS_LATIN * 50).encode(), "mojibake|garbled|Chinese|encod"),
    "pdf.txt": (b"%PDF-1.7\n1 0 obj\n", "holds a PDF"),
    "text.pdf": ("街道工作总结，全年植树12棵。".encode(), "not a PDF"),
    "broken.pdf": (b"%PDF-1.7\n" + b"\x00garbage" * 40, "PDF"),
    "locked.pdf": (encrypted_pdf(), "password"),
    "broken.docx": (b"PK\x03\x04" + b"garbage" * 40, "broken|ZIP|DOCX"),
    "hollow.docx": (docx_without_document(), "DOCX|ZIP|document"),
    "locked.docx": (ENCRYPTED_DOCX, "password"),
    "old.doc": (OLE + "WordDocument".encode("utf-16-le"), "convert"),
    "headless.html": (b"<!DOCTYPE html><html><head><title>x</title></head></html>", "body|text"),
    "report.xyz": ("街道工作总结".encode(), "extension"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_fails_alone_and_says_why(extract, tmp_path: Path, report: str, name: str) -> None:
    content, finding = BAD[name]
    good, bad = tmp_path / "good.txt", tmp_path / name
    good.write_text(report)
    bad.write_bytes(content)
    run = extract(bad, good)
    assert run.code == 3
    row = run.by_name[name]
    assert row["status"] == "failed"
    assert re.search(finding, row["error"]), row["error"]
    # What was found, and what to try.
    assert "; " in row["error"]
    assert "unexpected" not in row["error"]
    assert f"failed: {bad}: {row['error']}" in run.stderr
    assert {record["report_id"] for record in run.records} == {"good"}
    assert sorted(path.name for path in run.output.parent.iterdir()) == [
        "records.jsonl",
        "records.jsonl.manifest",
    ]


def test_a_missing_file_fails_alone(extract, tmp_path: Path, report: str) -> None:
    (tmp_path / "good.txt").write_text(report)
    run = extract(tmp_path / "missing.txt", tmp_path / "good.txt")
    assert run.code == 3
    assert "no such file" in run.by_name["missing.txt"]["error"]
    assert run.records


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that other users can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Permissions do not bind root, so where we are root the block runs as somebody else."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def test_files_and_folders_without_permission_fail_alone(extract, public_folder: Path, report: str) -> None:
    good, secret, locked = (public_folder / name for name in ("good.txt", "secret.txt", "locked"))
    good.write_text(report)
    # Imports what is needed: the interpreter's own files may be out of reach of somebody else.
    assert extract(good).code == 0
    secret.write_text(report)
    secret.chmod(0)
    locked.mkdir(mode=0)
    with as_nobody():
        run = extract(public_folder, output=public_folder / "out.jsonl")
    locked.chmod(0o700)
    assert run.code == 3, run.stderr
    assert f"failed: {locked}: the folder cannot be read: Permission denied" in run.stderr
    assert f"failed: {secret}: no permission" in run.stderr
    assert {record["report_id"] for record in run.records} == {"good"}


def test_an_output_folder_without_permission_is_told_first(extract, public_folder: Path, report: str) -> None:
    good, locked = public_folder / "good.txt", public_folder / "locked"
    good.write_text(report)
    assert extract(good).code == 0
    locked.mkdir(mode=0o555)
    with as_nobody():
        run = extract(good, output=locked / "out.jsonl")
    assert run.code == 2, run.stderr
    assert "cannot be written (Permission denied)" in run.stderr
    assert list(locked.iterdir()) == []


def test_an_output_that_cannot_be_written_is_told_before_any_work(
    extract, tmp_path: Path, report: str
) -> None:
    (tmp_path / "good.txt").write_text(report)
    for output in (Path("/proc/records.jsonl"), tmp_path / "good.txt" / "records.jsonl"):
        run = extract(tmp_path / "good.txt", output=output)
        assert run.code == 2
        assert f"error: {output}: cannot be written" in run.stderr
        assert not Path(f"{output}.manifest").exists()


def test_a_report_without_numbers_gives_no_records_and_says_so(extract, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("街道工作平稳有序，群众满意。\n")
    run = extract(tmp_path / "words.txt")
    assert run.code == 0
    assert run.records == []
    assert "no records: there is no number in the text" in run.stderr


ODD = {
    "lone surrogate": "\ud800",
    "control characters": "\x00\x07\x1b[31m\x7f",
    "line separators": "\u2028\u2029\x85\x0b\x0c",
    "digits of other scripts": "٣٤٥ ৪৫ ௧௨ 𝟙𝟚 ⑫ ㊿ Ⅻ ½",
    "astral characters": "𠀀😀",
    "joiners and directions": "\u200b\u200d\u202e\ufeff",
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_odd_characters_neither_raise_nor_shift_an_offset(
    extract, tmp_path: Path, report: str, odd: str
) -> None:
    text = f"{odd}{report}{odd}全年植树90棵。\n{odd}{report}"
    path = tmp_path / "odd.jsonl"
    path.write_text(json.dumps({"id": "odd", "text": text}))
    run = extract(path)
    assert run.code == 0
    assert len(run.records) >= 8
    for record in run.records:
        start, end = record["spans"]["indicator"]
        assert text[start:end] == record["indicator"]
        assert record["evidence"] in text


@pytest.mark.parametrize("odd", [odd for odd in ODD.values() if "\ud800" not in odd and "\x00" not in odd])
def test_odd_characters_in_a_text_file_shift_no_offset(
    extract, tmp_path: Path, report: str, odd: str
) -> None:
    text = report + odd + "\n" + report
    (tmp_path / "odd.txt").write_bytes(text.encode())
    for record in extract(tmp_path / "odd.txt").records:
        start, end = record["spans"]["indicator"]
        assert text[start:end] == record["indicator"]


PEAK = """
import resource, sys
from zhibiao.cli import build_app
try:
    build_app()(sys.argv[1:])
finally:
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""


@pytest.mark.slow
def test_a_text_of_50_mb_is_read_whole_in_bounded_memory(tmp_path: Path, report: str) -> None:
    path, output = tmp_path / "huge.txt", tmp_path / "records.jsonl"
    page = report + "街道干部走村入户，倾听群众心声，解决急难愁盼，工作平稳有序。\n" * 60
    pages = 50_000_000 // len(page.encode())
    with path.open("w", encoding="utf-8") as file:
        for _ in range(pages):
            file.write(page)
    command = [sys.executable, "-c", PEAK, "extract", str(path), "-o", str(output), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = output.read_bytes().splitlines()
    assert len(lines) >= 4 * pages
    assert json.loads(lines[-1])["spans"]["indicator"][0] > (pages - 1) * len(page)
    assert int(done.stdout.split("peak ")[1]) < 50 * 50
