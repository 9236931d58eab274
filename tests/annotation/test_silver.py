"""`zhibiao annotate silver`: what it writes, leaves out, survives and continues."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from annotation.as_gold import gold_record
from annotation.silver import Silver, Summary, make_silver, places_of, read_names, shipped_calibration
from zhibiao.assemble import assemble
from zhibiao.batch import manifest_path
from zhibiao.cli import build_app
from zhibiao.errors import ConfigError
from zhibiao.jsonl import read_gold
from zhibiao.rules import RulePredictor
from zhibiao.schema import Document, Prediction

TEXT = """{city}政府工作报告
一、2023年工作回顾
全市实现地区生产总值{number}亿元，同比增长6.3%。新建口袋公园{count}个，惠及居民1.2万户！
干部作风持续好转。
二、2024年工作安排
力争新增泊位500个。
"""
CITIES = ("岚城市", "澜桥市", "榕浦市", "沧陵市", "云麓市", "苇塘市", "青埠市", "鹭洲市", "枫溪市", "石澳市")


def entry(city: str, number: int) -> dict[str, object]:
    return {
        "id": f"report-{number}",
        "title": f"{city}政府工作报告",
        "region": city,
        "level": "city",
        "year": 2024,
        "source": "made up",
        "text": TEXT.format(city=city, number=100 + number, count=3 + number),
    }


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(entry(city, number)) + "\n" for number, city in enumerate(CITIES))
    return path


@pytest.fixture
def silver(corpus: Path, tmp_path: Path) -> Silver:
    return Silver(
        inputs=[str(corpus)],
        output=tmp_path / "silver.jsonl",
        factory=RulePredictor,
        calibration=shipped_calibration(),
        workers=1,
    )


def command(*arguments: object) -> Result:
    return CliRunner().invoke(build_app(), ["annotate", "silver", *map(str, arguments)])


def ids(output: Path) -> list[str]:
    return [json.loads(line)["id"] for line in output.read_text("utf-8").splitlines()]


def test_silver_is_gold_with_sentences(silver: Silver) -> None:
    make_silver(silver)
    reports = list(read_gold(silver.output))
    assert [report.document.id for report in reports] == [f"report-{n}" for n in range(len(CITIES))]
    for number, (city, report) in enumerate(zip(CITIES, reports, strict=True)):
        document = report.document
        quotes = {document.quote(record.spans["value"]) for record in report.records}
        assert {str(100 + number), str(3 + number), "1.2", "500"} <= quotes
        assert (document.metadata.district, document.metadata.report_year) == (city, 2023)
        assert report.extra["predictor"] == RulePredictor().name
        assert (report.extra["region"], report.extra["level"]) == (city, "city")


def test_the_folder_is_made(silver: Silver, tmp_path: Path) -> None:
    """`make model` in a fresh clone has no build/ yet."""
    make_silver(replace(silver, output=tmp_path / "build" / "deep" / "silver.jsonl"))
    assert len(ids(tmp_path / "build" / "deep" / "silver.jsonl")) == len(CITIES)


def test_every_sentence_has_its_confidence(silver: Silver) -> None:
    make_silver(silver)
    for report in read_gold(silver.output):
        triples = report.extra["sentences"]
        assert [(start, end) for start, end, _ in triples] == [
            (sentence.start, sentence.end) for sentence in report.document.sentences
        ]
        assert all(0 < confidence < 1 for *_, confidence in triples)
        assert len({confidence for *_, confidence in triples}) > 2


def test_records_say_what_the_predictor_said(silver: Silver) -> None:
    make_silver(silver)
    report = next(read_gold(silver.output))
    expected = [
        gold_record(record) for one in RulePredictor().predict([report.document]) for record in assemble(one)
    ]
    assert list(report.records) == expected


def stop_after(count: int, silver: Silver) -> None:
    """A run that Ctrl-C ends between two reports."""
    seen = []

    def stop(outcome: object) -> None:
        seen.append(outcome)
        if len(seen) == count:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_silver(silver, on_outcome=stop)


def test_a_stopped_run_goes_on_and_ends_as_if_never_stopped(silver: Silver, tmp_path: Path) -> None:
    stop_after(4, silver)
    assert not silver.output.exists()
    assert make_silver(silver).kept == 4
    undisturbed = replace(silver, output=tmp_path / "other.jsonl")
    assert make_silver(undisturbed).kept == 0
    assert silver.output.read_bytes() == undisturbed.output.read_bytes()


def test_fresh_keeps_nothing(silver: Silver) -> None:
    make_silver(silver)
    assert make_silver(silver).kept == len(CITIES)
    assert make_silver(replace(silver, fresh=True)).kept == 0


def test_other_weights_or_names_keep_nothing(silver: Silver) -> None:
    stop_after(4, silver)
    other = replace(silver.calibration, fingerprint="another")
    assert make_silver(replace(silver, calibration=other)).kept == 0
    assert make_silver(replace(silver, calibration=other, without=("云麓市",))).kept == 0


def test_a_changed_report_is_labelled_anew(silver: Silver, corpus: Path) -> None:
    make_silver(silver)
    lines = [entry(city, number) for number, city in enumerate(CITIES)]
    lines[3]["text"] = str(lines[3]["text"]).replace("500", "750")
    with gzip.open(corpus, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    assert make_silver(silver).kept == len(CITIES) - 1
    report = list(read_gold(silver.output))[3]
    assert "750" in {report.document.quote(record.spans["value"]) for record in report.records}


@pytest.mark.slow
def test_over_processes_as_in_one(silver: Silver, tmp_path: Path) -> None:
    make_silver(silver)
    parallel = replace(silver, output=tmp_path / "parallel.jsonl", workers=2)
    make_silver(parallel)
    assert parallel.output.read_bytes() == silver.output.read_bytes()


@pytest.mark.slow
def test_a_killed_process_leaves_no_output_and_the_same_command_goes_on(
    tmp_path: Path, obedient, rows_of, wait_for
) -> None:
    corpus, output = tmp_path / "corpus.jsonl", tmp_path / "silver.jsonl"
    corpus.write_text("\n".join(json.dumps(entry("岚城市", n)) for n in range(12)))
    arguments = ["annotate", "silver", corpus, "-o", output]
    obedient.hold("report-11")
    with obedient.running(*arguments, "--workers", "2") as running:
        wait_for(lambda: len(rows_of(manifest_path(output))) == 11)
        running.kill()
    assert not output.exists()
    obedient.release()
    done = obedient.run(*arguments, "--json")
    assert json.loads(done.stdout)["kept"] == 11
    continued = output.read_bytes()
    assert obedient.run(*arguments, "--fresh", "--quiet").returncode == 0
    assert output.read_bytes() == continued


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("region", "鹿鸣市"),
        ("title", "鹿鸣市2023年工作总结"),
        ("id", "made-up_鹿鸣市_2024"),
        ("publisher", "鹿鸣市人民政府"),
        ("district", "鹿鸣市"),
    ],
)
def test_a_district_is_left_out_wherever_it_is_named(silver: Silver, field: str, value: str) -> None:
    plain = {"id": "plain", "text": "新建公园3个。", "year": 2024}
    path = silver.output.with_name("named.jsonl")
    path.write_text("\n".join(map(json.dumps, [plain, {**plain, "id": "named", field: value}])))
    summary = make_silver(replace(silver, inputs=[str(path)], without=("鹿鸣市", "岚城市")))
    assert ids(silver.output) == ["plain"]
    assert dict(summary.left_out) == {"鹿鸣市": 1, "岚城市": 0}


def test_a_publisher_that_only_the_text_names_is_left_out(silver: Silver, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, city in (("a", "岚城市"), ("b", "澜桥市")):
        (folder / f"{name}.txt").write_text(TEXT.format(city=city, number=1, count=2), "utf-8")
    make_silver(replace(silver, inputs=[str(folder)], without=("岚城市",)))
    assert ids(silver.output) == ["b"]


def test_what_is_left_out_is_told(corpus: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("# held out\n澜桥市  # for the test\n\n岚城\n", "utf-8")
    output = tmp_path / "s.jsonl"
    done = command(corpus, "-o", output, "--without", "鹿鸣市", "--without-file", names, "--workers", 1)
    assert done.exit_code == 0
    assert ids(output) == [f"report-{n}" for n in range(2, len(CITIES))]
    assert "without 澜桥市: 1 left out" in done.stderr
    assert "without 岚城: 1 left out" in done.stderr
    assert "without 鹿鸣市: stands in no report; check the name" in done.stderr
    assert f"{len(CITIES) - 2:,} done, 0 failed, 2 left out" in done.stderr


@pytest.mark.parametrize("content", [b"# nothing\n\n", b"\xff\xfe\x00"])
def test_a_list_of_names_must_hold_some(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"names\.txt"):
        read_names(path)


class Brittle:
    """The rules, but for reports that bring out a bug."""

    name = "brittle/1"
    hurt_by = frozenset({"report-2"})

    def predict(self, documents: Iterable[Document]) -> Iterator[Prediction]:
        for document in documents:
            if document.id in self.hurt_by:
                raise RuntimeError("a bug")
            yield from RulePredictor().predict([document])


def test_a_report_that_fails_ends_nothing_and_is_named(silver: Silver) -> None:
    summary: Summary = make_silver(replace(silver, factory=Brittle))
    assert ids(silver.output) == [f"report-{n}" for n in range(len(CITIES)) if n != 2]
    (failure,) = summary.failures
    assert failure.place.endswith("corpus.jsonl.gz:3")
    assert "RuntimeError" in str(failure.error)
    assert "a bug" in str(failure.error)


def test_what_failed_is_tried_again(silver: Silver, monkeypatch: pytest.MonkeyPatch) -> None:
    make_silver(replace(silver, factory=Brittle))
    monkeypatch.setattr(Brittle, "hurt_by", frozenset())
    summary = make_silver(replace(silver, factory=Brittle))
    assert (summary.kept, summary.totals.failed) == (len(CITIES) - 1, 0)
    assert ids(silver.output) == [f"report-{n}" for n in range(len(CITIES))]


def test_broken_lines_and_files_are_named_and_the_rest_is_done(tmp_path: Path) -> None:
    corpus, output = tmp_path / "corpus.jsonl", tmp_path / "s.jsonl"
    corpus.write_text("\n".join([json.dumps(entry("岚城市", 0)), "{broken", '{"id": "x"}']))
    done = command(corpus, tmp_path / "missing.txt", "-o", output)
    assert done.exit_code == 3
    assert ids(output) == ["report-0"]
    for place in (
        "corpus.jsonl:2: not JSON",
        "corpus.jsonl:3: no string `text`",
        "missing.txt: no such file",
    ):
        assert place in done.stderr


def test_the_summary_counts_what_is_safe(silver: Silver) -> None:
    summary = make_silver(silver)
    lines = [json.loads(line) for line in silver.output.read_text("utf-8").splitlines()]
    for safe in summary.safe:
        kept = [
            [
                r
                for r in line["records"]
                if start <= (r["spans"].get("value") or r["spans"]["growth"])[0] < end
            ]
            for line in lines
            for start, end, confidence in line["sentences"]
            if confidence >= safe.confidence
        ]
        assert safe.records == sum(map(len, kept))
        assert safe.sentences == sum(map(bool, kept))
    assert summary.safe[-1].records > 0


def test_json_tells_a_program(corpus: Path, tmp_path: Path) -> None:
    done = command(
        corpus, "-o", tmp_path / "s.jsonl", "--json", "--quiet", "--without", "云麓市", "--workers", 1
    )
    summary = json.loads(done.stdout)
    assert summary["totals"]["done"] == len(CITIES) - 1
    assert summary["left_out"] == {"云麓市": 1}
    assert done.stderr == ""


def test_a_folder_is_no_output(corpus: Path, tmp_path: Path) -> None:
    done = command(corpus, "-o", tmp_path)
    assert done.exit_code == 2
    assert "a folder; name the .jsonl file" in done.stderr


def test_the_places_of_gold_are_its_districts_and_cities_without_their_rank() -> None:
    found = places_of(read_gold(Path(__file__).parents[2] / "data" / "gold.jsonl"))
    assert {"云汀新区", "钧塘", "朔泽"} <= set(found)
    assert len(found) == len(set(found))
