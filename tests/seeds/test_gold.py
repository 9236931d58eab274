import json

import pytest

from zhibiao.schema import Label
from zhibiao.scoring import from_iob2, gold_spans, to_iob2
from zhibiao.scoring.pairing import pair
from zhibiao.scoring.records import compare
from zhibiao.scoring.statements import from_gold
from zhibiao.seeds import read_manifest


@pytest.fixture(scope="module")
def gold_lines(seed_folder):
    return [
        json.loads(line) for line in (seed_folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def test_the_manifest_and_the_gold_speak_of_the_same_texts(seed_folder, gold_lines):
    seeds = read_manifest(seed_folder / "manifest.toml")
    assert len(seeds) == 5
    for seed, line in zip(seeds, gold_lines, strict=True):
        for name in (
            "id",
            "title",
            "publisher",
            "district",
            "city",
            "report_year",
            "file",
            "sha256",
            "chars",
        ):
            assert getattr(seed, name) == line[name]
        assert seed.published == line["published"]


def test_no_text_of_a_report_is_kept_in_the_project(seed_folder, gold_lines):
    assert all("text" not in line for line in gold_lines)
    for record in (record for line in gold_lines for record in line["records"]):
        assert set(record) <= {"spans", "year", "kind", "qualifier", "growth_rate"}
        assert all(isinstance(edge, int) for span in record["spans"].values() for edge in span)


def test_gold_is_what_the_guide_says(seed_reports):
    """389 records whose spans have no space or punctuation at their edges and stay inside one sentence."""
    assert sum(len(report.records) for report in seed_reports) == 389
    for report in seed_reports:
        sentences = [(s.start, s.end) for s in report.document.sentences]
        for record in report.records:
            assert "indicator" in record.spans
            for span in record.spans.values():
                quote = report.document.quote(span)
                assert quote[0] not in " ,，。；、" and quote[-1] not in " ,，。；、"
                assert any(start <= span[0] and span[1] <= end for start, end in sentences), (
                    report.document.id,
                    span,
                )


def test_gold_spans_fit_into_one_row_of_tags(seed_reports):
    for report in seed_reports:
        spans = gold_spans(report)
        assert from_iob2(to_iob2(spans, len(report.document.text))) == list(spans)
        assert {span.label for span in spans} <= set(Label)


def test_gold_against_itself_is_perfect(seed_reports):
    """Also where several indicators share a value, and in whatever order the records come."""
    right = 0
    for report in seed_reports:
        statements = [from_gold(record, report.document) for record in report.records]
        right += sum(compare(couple).differing == () for couple in pair(statements, statements[::-1]))
    assert right == 389


def test_lengths_are_those_of_the_manifest(seed_folder, seed_reports):
    seeds = {seed.id: seed for seed in read_manifest(seed_folder / "manifest.toml")}
    for report in seed_reports:
        assert len(report.document.text) == seeds[report.document.id].chars
