"""`zhibiao view`: the texts are found, checked against the manifest, and what is missing is told."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from zhibiao.batch.manifest import Outcome, Status, open_manifest
from zhibiao.cli import build_app
from zhibiao.jsonl import write_records
from zhibiao.view import ReportView


def run(*arguments: object) -> Result:
    return CliRunner().invoke(build_app(), ["view", *map(str, arguments)])


def heads(page: Path) -> list[Any]:
    """What the page says of each report, read back from it."""
    marker = '<script type="application/json" class="report">'
    lines = page.read_text("utf-8").splitlines()
    blocks = [
        line.removeprefix(marker).removesuffix("</script>") for line in lines if line.startswith(marker)
    ]
    return [json.loads(block) for block in blocks]


def states(page: Path) -> dict[str, str]:
    return {head["id"]: head["state"] for head in heads(page)}


def manifest(folder: Path, *outcomes: Outcome) -> None:
    with open_manifest(folder / "records.jsonl.manifest", {}, resume=False) as written:
        for outcome in outcomes:
            written.add(outcome)


def done(
    position: int, id: str, path: Path, *, line: int | None = None, digest: str | None = None
) -> Outcome:
    digest = digest or sha256(path.read_bytes()).hexdigest()
    return Outcome(
        position=position, id=id, path=str(path), status=Status.DONE, line=line, sha256=digest, n_records=3
    )


@pytest.fixture
def folder(tmp_path: Path, lake: ReportView, hill: ReportView) -> Path:
    """Two reports as files, and their records."""
    for report in (lake, hill):
        tmp_path.joinpath(f"{report.id}.txt").write_text(str(report.text), "utf-8", newline="")
    write_records(tmp_path / "records.jsonl", [*lake.records, *hill.records])
    return tmp_path


def test_the_manifest_leads_to_the_texts(folder: Path) -> None:
    manifest(folder, done(0, "lake", folder / "lake.txt"), done(1, "hill", folder / "hill.txt"))
    result = run(folder / "records.jsonl", "-o", folder / "page.html")
    assert result.exit_code == 0, result.stderr
    assert "2 reports, 10 records" in result.stdout
    assert states(folder / "page.html") == {"lake": "verified", "hill": "verified"}
    assert all(record["ok"] for head in heads(folder / "page.html") for record in head["records"])


def test_a_relative_path_is_found_beside_the_manifest(folder: Path) -> None:
    digest = sha256((folder / "hill.txt").read_bytes()).hexdigest()
    manifest(folder, done(0, "lake", folder / "lake.txt"), done(1, "hill", Path("hill.txt"), digest=digest))
    assert run(folder / "records.jsonl", "-o", folder / "page.html").exit_code == 0


def test_a_changed_text_is_refused_and_told(folder: Path) -> None:
    manifest(folder, done(0, "lake", folder / "lake.txt"), done(1, "hill", folder / "hill.txt"))
    (folder / "hill.txt").write_text("栖霞岭街道年度报告\n换了一份。\n", "utf-8")
    result = run(folder / "records.jsonl", "-o", folder / "page.html")
    assert result.exit_code == 3
    assert "hill.txt has changed" in result.stderr and "evidence sentences only" in result.stderr
    assert states(folder / "page.html") == {"lake": "verified", "hill": "changed"}


def test_the_old_file_under_another_name_is_recognised_by_its_content(folder: Path) -> None:
    manifest(folder, done(0, "lake", folder / "lake.txt"), done(1, "hill", folder / "hill.txt"))
    (folder / "old").mkdir()
    (folder / "hill.txt").rename(folder / "old" / "archived.txt")
    result = run(folder / "records.jsonl", "-o", folder / "page.html", "--reports", folder / "old")
    assert result.exit_code == 0, result.stderr
    assert states(folder / "page.html")["hill"] == "verified"


def test_a_missing_file_is_told(folder: Path) -> None:
    manifest(folder, done(0, "lake", folder / "lake.txt"), done(1, "hill", folder / "hill.txt"))
    (folder / "hill.txt").unlink()
    result = run(folder / "records.jsonl", "-o", folder / "page.html", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["without_text"] == 1
    assert "no such file" in result.stderr
    assert states(folder / "page.html")["hill"] == "missing"


def test_a_file_that_cannot_be_read_is_told(folder: Path) -> None:
    manifest(folder, done(0, "lake", folder / "lake.txt"), done(1, "hill", folder / "hill.txt"))
    (folder / "hill.txt").write_bytes(b"")
    assert run(folder / "records.jsonl", "-o", folder / "page.html").exit_code == 3
    assert states(folder / "page.html")["hill"] == "unreadable"


def test_without_a_manifest_named_files_are_taken_unverified(folder: Path) -> None:
    result = run(folder / "records.jsonl", "-o", folder / "page.html", "--reports", folder)
    assert result.exit_code == 0, result.stderr
    assert states(folder / "page.html") == {"lake": "unverified", "hill": "unverified"}


def test_without_anything_the_evidence_stands_and_the_remedy_is_named(folder: Path) -> None:
    result = run(folder / "records.jsonl", "-o", folder / "page.html")
    assert result.exit_code == 3
    assert "--reports" in result.stderr
    page = heads(folder / "page.html")
    assert [head["state"] for head in page] == ["missing", "missing"]
    assert all(record["ok"] and record["e"] for head in page for record in head["records"])


def test_a_named_file_that_does_not_exist_is_told(folder: Path) -> None:
    result = run(folder / "records.jsonl", "-o", folder / "page.html", "--reports", folder / "none*.txt")
    assert result.exit_code == 3 and "no file matches" in result.stderr


def test_texts_are_found_in_a_jsonl(folder: Path, lake: ReportView, hill: ReportView) -> None:
    corpus = folder / "reports.jsonl"
    lines = [json.dumps({"id": report.id, "text": report.text}) for report in (hill, lake)]
    corpus.write_text("\n".join(lines), "utf-8")
    digests = {r.id: sha256(str(r.text).encode()).hexdigest() for r in (lake, hill)}
    manifest(
        folder,
        done(0, "hill", corpus, line=1, digest=digests["hill"]),
        done(1, "lake", corpus, line=2, digest=digests["lake"]),
    )
    result = run(folder / "records.jsonl", "-o", folder / "page.html")
    assert result.exit_code == 0, result.stderr
    assert states(folder / "page.html") == {"lake": "verified", "hill": "verified"}
    (folder / "records.jsonl.manifest").unlink()
    assert run(folder / "records.jsonl", "-o", folder / "page.html", "--reports", corpus).exit_code == 0
    assert states(folder / "page.html") == {"lake": "unverified", "hill": "unverified"}


def test_a_report_without_records_is_on_the_page_too(folder: Path) -> None:
    (folder / "dry.txt").write_text("没有数字的一份报告。\n", "utf-8")
    dry = Outcome(
        position=2,
        id="dry",
        path=str(folder / "dry.txt"),
        status=Status.DONE,
        sha256=sha256((folder / "dry.txt").read_bytes()).hexdigest(),
    )
    manifest(folder, done(0, "lake", folder / "lake.txt"), done(1, "hill", folder / "hill.txt"), dry)
    assert run(folder / "records.jsonl", "-o", folder / "page.html").exit_code == 0
    assert [head["id"] for head in heads(folder / "page.html")] == ["lake", "hill", "dry"]


def test_a_broken_manifest_is_an_error_that_names_it(folder: Path) -> None:
    (folder / "records.jsonl.manifest").write_text("not a database, but long enough to look at", "utf-8")
    result = run(folder / "records.jsonl", "-o", folder / "page.html")
    assert result.exit_code == 3 and "records.jsonl.manifest: not a manifest" in result.stderr
    assert not (folder / "page.html").exists()


def test_a_broken_record_is_cited_and_leaves_no_page(folder: Path) -> None:
    with (folder / "records.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"indicator": 3}\n')
    result = run(folder / "records.jsonl", "-o", folder / "page.html")
    assert result.exit_code == 3 and "records.jsonl:11" in result.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["hill.txt", "lake.txt", "records.jsonl"]


def test_an_output_that_cannot_be_written_is_told(folder: Path) -> None:
    result = run(
        folder / "records.jsonl", "-o", folder / "nowhere" / "page.html", "--reports", folder / "lake.txt"
    )
    assert result.exit_code == 2 and "page.html" in result.stderr
