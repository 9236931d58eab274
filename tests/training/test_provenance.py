"""A model that has seen a district, or its texts under another name, is not scored on it."""

import json
import re

import pytest

from training.provenance import (
    HoldOut,
    overlaps,
    parse_hold_out,
    provenance_from_json,
    provenance_of,
    provenance_to_json,
    read_provenance,
    refuse_seen,
    silver_source,
)
from zhibiao.documents import build
from zhibiao.errors import ConfigError, DataError
from zhibiao.schema import Finding, GoldReport


def text(name, count=120):
    return "".join(f"{name}新增{number * 7919 % 100003}项工程。" for number in range(count))


def report(id, district=None, body=None, **fields):
    known = {key: Finding(value, "gold") for key, value in {"district": district, **fields}.items() if value}
    return GoldReport(build(body or text(id), id=id, known=known), ())


HELD = report("yunlu-2024", "云麓区")
OTHERS = [report("lancheng", "岚城区"), report("tangwan", "棠湾区", city="云溪市")]
HOLD_OUT = HoldOut("district", "云麓区")


def refused(provenance, held=HELD):
    with pytest.raises(ConfigError) as refusal:
        refuse_seen(provenance, [held], HOLD_OUT)
    return str(refusal.value)


def test_a_model_that_saw_others_only_may_be_scored():
    refuse_seen(provenance_of(OTHERS), [HELD], HOLD_OUT)
    assert overlaps(provenance_of(OTHERS), [HELD]) == []


def test_the_district_itself_is_refused_by_name():
    said = refused(provenance_of([*OTHERS, report("other-year", "云麓区")]))
    assert said.startswith(
        "--hold-out district=云麓区: the model was trained on other-year (gold) is of 云麓区"
    )
    assert "its district is 云麓区" in said
    assert "Train without 云麓区" in said


@pytest.mark.parametrize(
    "fields", [{"publisher": "云麓区松岭街道办事处"}, {"title": "云麓区2023年工作总结"}, {"city": "云麓区"}]
)
def test_a_name_in_another_field_counts_too(fields):
    assert "is of 云麓区" in refused(provenance_of([report("street", **fields)]))


def test_a_city_is_known_without_its_suffix():
    with pytest.raises(ConfigError, match="is of 云溪市: its title is 2023年云溪政府工作报告"):
        seen = provenance_of([report("x", title="2023年云溪政府工作报告")])
        refuse_seen(seen, [HELD], HoldOut("city", "云溪市"))


def test_the_same_text_under_another_name_is_refused():
    assert "copy (gold) has the text of yunlu-2024" in refused(
        provenance_of([report("copy", "别处", HELD.document.text)])
    )


def test_a_near_duplicate_is_refused_and_a_common_phrase_is_not():
    edited = text("yunlu-2024", 60) + text("新写", 60)
    said = refused(provenance_of([report("edited", "别处", edited)]))
    share = re.search(r"edited \(gold\) is a near-duplicate of yunlu-2024 \((\d+)% of its runs", said)
    assert share and 40 <= int(share[1]) <= 75
    phrase = text("别处", 118) + text("yunlu-2024", 2)
    refuse_seen(provenance_of([report("stranger", "别处", phrase)]), [HELD], HOLD_OUT)


def test_silver_counts_as_seen_and_is_named(tmp_path):
    path = tmp_path / "silver.jsonl"
    path.write_text("{}\n", encoding="utf-8")
    source = silver_source(path, [report("s1", body=HELD.document.text)], left_out=["岚城区"])
    assert source.left_out == ("岚城区",)
    assert "s1 (silver.jsonl) has the text of yunlu-2024" in refused(provenance_of([], silver=[source]))


def test_many_overlaps_are_counted():
    said = refused(provenance_of([report(f"r{n}", "云麓区") for n in range(8)]))
    assert said.count("is of 云麓区") == 5
    assert "and 3 more" in said


def test_provenance_survives_a_file(tmp_path):
    path = tmp_path / "silver.jsonl"
    path.write_text("{}\n", encoding="utf-8")
    kept = provenance_of(OTHERS, silver=[silver_source(path, [HELD], left_out=["岚城区"])])
    written = json.dumps(provenance_to_json(kept), ensure_ascii=False)
    assert provenance_from_json(json.loads(written), source="training.json") == kept
    assert "新增" not in written


def test_a_model_folder_tells_what_it_saw(tmp_path):
    told = {"config": {}, "data": provenance_to_json(provenance_of(OTHERS))}
    (tmp_path / "training.json").write_text(json.dumps(told), encoding="utf-8")
    assert read_provenance(tmp_path) == provenance_of(OTHERS)


@pytest.mark.parametrize("content", [None, "{", "{}", "[]"])
def test_a_model_folder_that_tells_nothing_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "training.json").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"training\.json: cannot be read .*nobody knows"):
        read_provenance(tmp_path)


@pytest.mark.parametrize("data", [{}, {"gold": [{"id": "a"}], "silver": []}, {"gold": 1, "silver": []}])
def test_a_model_that_does_not_say_what_it_saw_is_refused(data):
    with pytest.raises(DataError, match=r"training\.json: does not say what the model was trained on"):
        provenance_from_json(data, source="training.json")


def test_hold_out_chooses_its_reports():
    assert HOLD_OUT.of([*OTHERS, HELD]) == [HELD]
    with pytest.raises(ConfigError, match="no report of the data has it; its district is 岚城区, 棠湾区"):
        HOLD_OUT.of(OTHERS)


@pytest.mark.parametrize("written", ["云麓区", "district=", "year=2023", "=云麓区"])
def test_a_hold_out_that_cannot_be_read(written):
    with pytest.raises(ConfigError, match=r"write district=NAME, city=NAME or publisher=NAME"):
        parse_hold_out(written)
    assert parse_hold_out("city=云溪市") == HoldOut("city", "云溪市")
