"""What a JSONL entry says of its report."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhibiao.batch.corpus import is_corpus, metadata_of


def values(entry: dict[str, object]) -> dict[str, object]:
    return {name: finding.value for name, finding in metadata_of(entry).items()}


def test_gold_keys_are_taken_as_they_are() -> None:
    entry = {"title": "报告", "publisher": "苇塘街道", "district": "柳溪区", "report_year": 2022, "text": "x"}
    assert values(entry) == {name: value for name, value in entry.items() if name != "text"}


def test_the_year_of_a_corpus_is_the_sitting() -> None:
    assert values({"level": "city", "region": "柳溪市", "year": 2024}) == {
        "city": "柳溪市",
        "sitting_year": 2024,
    }


def test_the_year_of_a_communique_is_the_year_described() -> None:
    assert values({"level": "national-stat-communique", "region": "全国", "year": 1999}) == {
        "report_year": 1999
    }


def test_what_gold_says_wins() -> None:
    entry = {"level": "city", "region": "甲市", "year": 2024, "city": "乙市", "sitting_year": 2023}
    assert values(entry) == {"city": "乙市", "sitting_year": 2023}


@pytest.mark.parametrize("value", [None, "", True, 2.5, [2023], {"a": 1}])
def test_what_has_the_wrong_type_is_not_metadata(value: object) -> None:
    names = ("title", "city", "report_year", "year", "region", "level")
    assert values(dict.fromkeys(names, value)) == {}


def test_jsonl_is_told_by_its_name() -> None:
    assert is_corpus(Path("a.JSONL"))
    assert is_corpus(Path("a.jsonl.gz"))
    assert not is_corpus(Path("a.json"))
    assert not is_corpus(Path("a.txt.gz"))
