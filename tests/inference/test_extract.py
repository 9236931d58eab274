"""`zhibiao extract` from files to records: order, ids, resume, summary, exit codes."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import docx
import polars
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from inference.extract import Batch, run_batch
from zhibiao.batch import FEW
from zhibiao.batch.manifest import manifest_path, open_manifest
from zhibiao.jsonl import read_records
from zhibiao.rules import RulePredictor
from zhibiao.schema import SCHEMA_VERSION, Document, Prediction

COMMAND = [sys.executable, "-m", "zhibiao", "extract"]


@pytest.fixture
def folder(tmp_path: Path, report: str) -> Path:
    """Two good reports, and one that is empty between them."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text(report)
    (folder / "b.txt").write_bytes(b"")
    (folder / "c.txt").write_text(report.replace("12.5亿元", "980万元"))
    return folder


@pytest.fixture
def corpus(tmp_path: Path, report: str) -> Path:
    """Enough reports for several processes, of which one in seven fails."""
    path = tmp_path / "corpus.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for n in range(3 * FEW):
            entry = {"id": f"r{n}", "text": report.replace("12.5", f"{n}.5") * (1 + n % 5)}
            file.write(json.dumps(entry if n % 7 else {"id": f"r{n}"}, ensure_ascii=False) + "\n")
    return path


def test_records_are_sourced_and_in_input_order(extract, folder: Path) -> None:
    run = extract(folder / "c.txt", folder / "a.txt")
    assert run.code == 0
    assert list(dict.fromkeys(record["report_id"] for record in run.records)) == ["c", "a"]
    for record in run.records:
        text = (folder / f"{record['report_id']}.txt").read_text()
        start, end = record["spans"]["indicator"]
        assert text[start:end] == record["indicator"]
        assert record["evidence"] in text


def test_the_rules_find_what_the_report_says(extract, folder: Path) -> None:
    found = {
        (r["indicator"], r["value_text"], r["unit"], r["growth_rate"], r["year"], r["kind"])
        for r in extract(folder / "a.txt").records
    }
    assert ("财政总收入", "12.5", "亿元", 8.3, 2023, "actual") in found
    assert ("改造老旧小区", "14", "个", None, 2023, "actual") in found
    assert ("财政总收入", None, None, 6, 2024, "target") in found
    assert ("新建停车泊位", "500", "个", None, 2024, "target") in found


def test_every_format_gives_the_same_records(extract, tmp_path: Path, report: str) -> None:
    (tmp_path / "r1.txt").write_bytes(report.encode("gb18030"))
    (tmp_path / "r2.txt").write_bytes(report.encode("utf-16"))
    paragraphs = "".join(f"<p>{line}</p>" for line in report.splitlines())
    (tmp_path / "r3.html").write_text(
        f"<html><head><meta charset=utf-8></head><body>{paragraphs}</body></html>"
    )
    word = docx.Document()
    for line in report.splitlines():
        word.add_paragraph(line)
    word.save(str(tmp_path / "r4.docx"))
    _pdf(tmp_path / "r5.pdf", report)
    run = extract(tmp_path)
    assert run.code == 0, run.stderr
    found: dict[str, list[tuple[object, ...]]] = {}
    for r in run.records:
        facts = (r["indicator"], r["value"], r["unit"], r["growth_rate"], r["year"], r["kind"])
        found.setdefault(r["report_id"], []).append(facts)
    assert list(found) == ["r1", "r2", "r3", "r4", "r5"]
    assert all(facts == found["r1"] for facts in found.values())


def _pdf(path: Path, text: str) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path))
    canvas.setFont("STSong-Light", 12)
    for number, line in enumerate(text.splitlines()):
        canvas.drawString(50, 750 - 24 * number, line)
    canvas.save()


def test_records_can_be_read_back(extract, folder: Path) -> None:
    run = extract(folder / "a.txt")
    assert [record.indicator for record in read_records(run.output)] == [r["indicator"] for r in run.records]


def test_one_failure_costs_nothing_else(extract, folder: Path) -> None:
    run = extract(folder)
    assert run.code == 3
    assert {name: row["status"] for name, row in run.by_name.items()} == {
        "a.txt": "done",
        "b.txt": "failed",
        "c.txt": "done",
    }
    assert {record["report_id"] for record in run.records} == {"a", "c"}
    assert f"failed: {folder / 'b.txt'}: " in run.stderr


def test_the_manifest_says_where_each_report_comes_from(extract, folder: Path) -> None:
    run = extract(folder / "a.txt")
    (row,) = run.documents
    text = (folder / "a.txt").read_text()
    assert (row["position"], row["id"], row["format"], row["encoding"]) == (0, "a", "txt", "utf-8")
    assert (row["characters"], row["n_records"]) == (len(text), len(run.records))
    assert len(row["sha256"]) == 64
    with open_manifest(manifest_path(run.output), {}, resume=True) as manifest:
        meta = dict(manifest._connection.execute("SELECT key, value FROM meta"))
    assert meta["schema_version"] == SCHEMA_VERSION
    assert meta["predictor"].startswith("rules/")


def test_all_formats_hold_the_same_rows(extract, folder: Path, tmp_path: Path) -> None:
    extra = [tmp_path / f"r.{extension}" for extension in ("csv", "parquet", "xlsx")]
    run = extract(folder / "a.txt", *(word for path in extra for word in ("-o", path)))
    wanted = [record["indicator"] for record in run.records]
    assert polars.read_csv(extra[0])["indicator"].to_list() == wanted
    assert polars.read_parquet(extra[1])["indicator"].to_list() == wanted
    assert extra[2].stat().st_size > 0


def test_two_inputs_of_one_name_keep_two_ids(extract, folder: Path, tmp_path: Path, report: str) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text(report)
    run = extract(folder / "a.txt", tmp_path / "other" / "a.txt")
    assert run.code == 0
    assert [row["id"] for row in run.documents] == ["a", "a-2"]
    assert {record["report_id"] for record in run.records} == {"a", "a-2"}
    assert "another input is called a, so this one is a-2" in run.stderr


def test_options_win_over_what_the_report_says(extract, folder: Path) -> None:
    run = extract(folder / "a.txt", "--title", "总结", "--district", "柳溪区", "--report-year", "2021")
    assert {(r["title"], r["district"], r["report_year"]) for r in run.records} == {("总结", "柳溪区", 2021)}


@pytest.mark.parametrize("named", [["."], ["a.txt", "c.txt"], ["*.txt"], ["nothing.txt"], ["d.jsonl"]])
def test_options_for_more_than_one_report_are_refused(extract, folder: Path, named: list[str]) -> None:
    (folder / "d.jsonl").write_text('{"text": "x"}\n')
    run = extract(*(folder / name for name in named), "--district", "柳溪区")
    assert run.code == 2
    assert "more than one report" in run.stderr
    assert not run.output.exists()


def test_an_input_is_never_overwritten(extract, tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text('{"text": "x"}\n')
    run = extract(path, output=path)
    assert run.code == 2
    assert "input and output" in run.stderr
    assert path.read_text() == '{"text": "x"}\n'


def test_a_second_run_does_not_read_the_first_ones_output(extract, folder: Path) -> None:
    output = folder / "records.jsonl"
    first = extract(folder, output=output)
    again = extract(folder, output=output)
    assert [record["indicator"] for record in again.records] == [r["indicator"] for r in first.records]
    assert {row["status"] for row in again.documents if "records" in row["path"]} == {"skipped"}


def test_a_resumed_run_retries_failures_and_keeps_the_rest(extract, folder: Path, report: str) -> None:
    extract(folder)
    (folder / "b.txt").write_text(report)
    (folder / "c.txt").write_text(report + "全年植树90棵。\n")
    run = extract(folder, "--resume", "--json")
    assert run.code == 0
    documents = json.loads(run.stdout)["documents"]
    assert (documents["done"], documents["kept"], documents["failed"]) == (3, 1, 0)
    assert (documents["changed"], documents["retried"]) == (1, 1)
    assert (
        "3 done (1 kept from an earlier run, 1 changed since, 1 tried again after they failed)" in run.stderr
    )
    assert run.records == extract(folder).records
    assert list(dict.fromkeys(record["report_id"] for record in run.records)) == ["a", "b", "c"]


def test_a_resumed_run_drops_what_is_no_longer_named(extract, folder: Path) -> None:
    extract(folder / "a.txt", folder / "c.txt")
    run = extract(folder / "c.txt", "--resume")
    assert {record["report_id"] for record in run.records} == {"c"}


def test_results_of_another_predictor_are_not_kept_and_that_is_said(folder: Path, tmp_path: Path) -> None:
    said: list[str] = []
    batch = Batch(inputs=[str(folder)], outputs=[tmp_path / "records.jsonl"], factory=RulePredictor)
    run_batch(batch, on_note=said.append)
    assert run_batch(replace(batch, resume=True), on_note=said.append).resumed.kept == 2
    assert said == []
    other = run_batch(replace(batch, factory=Fussy, resume=True), on_note=said.append)
    assert other.resumed.kept == 0
    (note,) = said
    assert note.startswith("--resume keeps nothing, every report is done anew: predictor was rules/")
    assert note.endswith(", is fussy")


def test_the_manifest_has_a_checksum_of_what_failed(extract, folder: Path) -> None:
    run = extract(folder, folder / "missing.txt")
    assert run.by_name["b.txt"]["sha256"] == sha256(b"").hexdigest()
    assert run.by_name["missing.txt"]["sha256"] is None
    assert all(row["seconds"] > 0 for row in run.documents)


def test_a_changed_sidecar_or_option_is_not_overlooked(extract, folder: Path) -> None:
    extract(folder / "a.txt")
    (folder / "a.toml").write_text('district = "柳溪区"')
    assert {r["district"] for r in extract(folder / "a.txt", "--resume").records} == {"柳溪区"}
    run = extract(folder / "a.txt", "--resume", "--district", "榆山区")
    assert {r["district"] for r in run.records} == {"榆山区"}


def test_a_broken_sidecar_costs_its_own_report_only(extract, folder: Path) -> None:
    (folder / "a.toml").write_text('colour = "red"')
    run = extract(folder / "a.txt", folder / "c.txt")
    assert run.code == 3
    assert "colour" in run.by_name["a.txt"]["error"]
    assert {record["report_id"] for record in run.records} == {"c"}


def test_the_summary_counts_and_names(extract, folder: Path) -> None:
    (folder / "notes.md").write_text("x")
    (folder / "d.txt").write_text("街道工作平稳有序。\n")
    run = extract(folder, "--json")
    summary = json.loads(run.stdout)
    nothing = dict.fromkeys(("kept", "changed", "retried", "quarantined"), 0)
    assert summary["documents"] == {"done": 3, "failed": 1, "skipped": 1, **nothing}
    assert summary["records"]["all"] == len(run.records) == sum(row["n_records"] for row in run.documents)
    assert summary["records"]["target"] == sum(record["kind"] == "target" for record in run.records) > 0
    assert [Path(failure["input"]).name for failure in summary["failures"]] == ["b.txt"]
    assert [Path(skipped["input"]).name for skipped in summary["skipped"]] == ["notes.md"]
    assert any("no number" in note for noted in summary["notes"] for note in noted["notes"])


def test_quiet_prints_only_what_failed(extract, folder: Path) -> None:
    assert extract(folder / "a.txt", "--quiet").stderr == ""
    (line,) = extract(folder, "--quiet").stderr.splitlines()
    assert "b.txt" in line


def test_long_lists_are_cut_and_say_so(extract, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("{\n" * 50)
    run = extract(path)
    assert len(run.documents) == 50
    assert "failed: ... 30 more, all in" in run.stderr


@pytest.mark.parametrize(
    "arguments", [[], ["--workers", "-1"], ["--engine", "abacus"], ["--method", "magic"]]
)
def test_wrong_usage_is_exit_code_2(extract, folder: Path, arguments: list[str]) -> None:
    inputs = [folder / "a.txt"] if arguments else []
    assert extract(*inputs, *arguments).code == 2


class Fussy:
    """The rules, but with a bug that one report brings out."""

    name = "fussy"

    def predict(self, documents: Iterable[Document]) -> Iterator[Prediction]:
        for document in documents:
            if document.id == "a":
                raise RecursionError("too deep")
            yield from RulePredictor().predict([document])


def test_an_unexpected_error_costs_one_report(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "records.jsonl"
    inputs = [str(folder / "a.txt"), str(folder / "c.txt")]
    summary = run_batch(Batch(inputs=inputs, outputs=[output], factory=Fussy))
    (failure,) = summary.failures
    assert "unexpected RecursionError at test_extract.py:" in (failure.error or "")
    assert {record.report_id for record in read_records(output)} == {"c"}


@pytest.mark.slow
def test_any_number_of_workers_gives_the_same_bytes(extract, corpus: Path, tmp_path: Path) -> None:
    runs = [extract(corpus, "--workers", n, output=tmp_path / f"{n}.jsonl") for n in (1, 2, 3)]
    assert {run.code for run in runs} == {3}
    assert len({run.output.read_bytes() for run in runs}) == 1
    assert (
        len({tuple((row["position"], row["id"], row["error"]) for row in run.documents) for run in runs}) == 1
    )


@pytest.mark.slow
def test_a_terminal_sees_progress_and_a_file_does_not(tmp_path: Path, report: str) -> None:
    long = tmp_path / "long.jsonl"
    long.write_text("\n".join(json.dumps({"id": f"r{n}", "text": report * 60}) for n in range(60)))
    command = [*COMMAND, str(long), "-o", str(tmp_path / "r.jsonl"), "--workers", "1", "--method", "rules"]
    reader, writer = pty.openpty()
    running = subprocess.Popen(command, stderr=writer)
    os.close(writer)
    seen = b""
    # At the end of a terminal there is an error, not an empty read.
    with contextlib.suppress(OSError):
        while piece := os.read(reader, 4096):
            seen += piece
    os.close(reader)
    assert running.wait() == 0
    assert b"characters/s" in seen
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=True)
    assert "characters/s" not in done.stderr


PEAK = """
import resource, sys
from zhibiao.cli import build_app
try:
    build_app()(sys.argv[1:])
finally:
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _peak(*arguments: object) -> int:
    """Peak memory of a run in one process, in kB."""
    command = [sys.executable, "-c", PEAK, "extract", *map(str, arguments), "--workers", "1", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    return int(done.stdout.split("peak ")[1])


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_documents(tmp_path: Path, report: str) -> None:
    peaks = []
    for number in (200, 1000):
        corpus = tmp_path / f"{number}.jsonl"
        with corpus.open("w", encoding="utf-8") as file:
            for n in range(number):
                file.write(json.dumps({"id": f"r{n}", "text": report.replace("12.5", f"{n}.5") * 6}) + "\n")
        peaks.append(_peak(corpus, "-o", tmp_path / f"{number}.out.jsonl"))
    assert peaks[1] <= 1.1 * peaks[0]
