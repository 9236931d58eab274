"""The public Python API: read, load_predictor, extract, score."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import zhibiao
from zhibiao.errors import ConfigError
from zhibiao.jsonl import read_gold
from zhibiao.schema import Document

GOLD = Path(__file__).parents[2] / "data" / "gold.jsonl"


def test_from_a_file_to_records(tmp_path: Path) -> None:
    path = tmp_path / "weitang.txt"
    path.write_text("2023年，街道实现财政总收入12.5亿元，同比增长8.3%。\n")
    document = zhibiao.read(str(path), id="x", overrides={"district": "柳溪区"})
    (record,) = zhibiao.extract([document], zhibiao.load_predictor("rules"))
    assert (record.report_id, record.district) == ("x", "柳溪区")
    assert (record.indicator, str(record.value), record.unit) == ("财政总收入", "12.5", "亿元")


def test_extraction_is_lazy() -> None:
    drawn = []

    def documents() -> Iterator[Document]:
        for report in read_gold(GOLD):
            drawn.append(report.document.id)
            yield report.document

    records = zhibiao.extract(documents(), zhibiao.load_predictor("rules"))
    next(records)
    assert len(drawn) == 1


@pytest.mark.slow
def test_records_are_scored_against_gold() -> None:
    gold = list(read_gold(GOLD))
    records = zhibiao.extract((report.document for report in gold), zhibiao.load_predictor("rules"))
    scores = zhibiao.score(gold, records)
    assert len(scores.reports) == len(gold)
    assert 0 < scores.strict.f1 <= scores.relaxed.f1 <= 1


def test_models_are_refused_in_words() -> None:
    with pytest.raises(ConfigError, match="no such folder; name the folder of a model"):
        zhibiao.load_predictor("models/latest")


def test_the_api_lists_itself_and_nothing_else() -> None:
    assert dir(zhibiao) == ["__version__", "extract", "load_predictor", "read", "score"]
    with pytest.raises(AttributeError, match="nonsense"):
        zhibiao.nonsense  # noqa: B018
