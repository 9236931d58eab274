"""Confidence: what is seen of a sentence, how weights are fitted to gold, and the file that holds them."""

from __future__ import annotations

import math
import random

import pytest

from annotation.inline import parse
from annotation.silver import fitting, read_calibration, shipped_calibration
from annotation.silver.calibration import Logistic, parse_calibration
from annotation.silver.features import FEATURES, measured
from annotation.silver.fitting import Judged, calibration_error, judge, leave_one_out, safe_share
from annotation.silver.sentences import Case, Reading, readings
from zhibiao.assemble import assemble
from zhibiao.documents import build
from zhibiao.errors import ConfigError
from zhibiao.rules import RulePredictor
from zhibiao.schema import Record

FRONT = '+++\nid = "a"\ntitle = "甲镇"\npublisher = "甲镇"\ndistrict = "乙县"\nreport_year = 2023\n+++\n'


def read(text: str) -> list[Reading]:
    document = build(text, id="a")
    records = [record for one in RulePredictor().predict([document]) for record in assemble(one)]
    return list(readings(document, records))


def only(text: str) -> Reading:
    (reading,) = read(text)
    return reading


def test_a_sentence_is_of_one_of_three_cases() -> None:
    cases = [reading.case for reading in read("新建公园3个。文号为41号文件。山清水秀。")]
    assert cases == [Case.RECORDS, Case.SILENT, Case.PLAIN]


def test_records_come_to_the_sentence_of_their_quantity() -> None:
    first, second = read("新建公园3个。改造小区12个，惠及居民900户。")
    assert [record.value_text for record in first.records] == ["3"]
    assert [record.value_text for record in second.records] == ["12", "900"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("新建公园3个。", []),
        ("新建公园3个，编为17号。", ["17"]),
        ("2023年5月6日9:30新建公园3个。", []),
        ("第2024号文件与３.５版。", ["2024", "３.５"]),
    ],
)
def test_numbers_that_no_record_holds(text: str, numbers: list[str]) -> None:
    assert [match.group() for match in only(text).unexplained] == numbers


def test_features_of_a_plain_statement() -> None:
    features = measured(only("新建公园3个，编为“甲17”号。"))
    assert features["touching"] == features["known_unit"] == features["quotes"] == 1
    assert features["parentheses"] == features["money"] == features["chinese_number"] == 0
    assert features["unexplained"] == pytest.approx(math.log(2))


def test_an_elided_noun_is_seen() -> None:
    features = measured(only("启动建设综合体6个，另有两处正在选址，年内建成2个。"))
    assert features["sharing"] > 0


def test_features_are_finite_for_anything_the_rules_find() -> None:
    for text in (
        "百",
        "翻番。",
        "比重超九成！",
        "由3%、4%分别增至五成、六成，其中（一）占7.5%",
        "\ud8005个、",
    ):
        for reading in read(text):
            features = measured(reading)
            assert set(features) == set(FEATURES[reading.case])
            assert all(map(math.isfinite, features.values()))


def records_of(report: object) -> list[Record]:
    document = report.document
    return [record for one in RulePredictor().predict([document]) for record in assemble(one)]


def test_a_sentence_is_right_when_all_its_records_are_and_none_is_missed() -> None:
    report = parse(
        FRONT + "新建{I:公园}{V:3}{U:个}。新建{I:水厂}{V:2}{U:座}。新增{V:9}{U:条}{I:线}。山清水秀。\n",
        "a.md",
    )
    records = records_of(report)
    texts = ["新建公园3个。", "新建水厂2座。", "新增9条线。", "山清水秀。"]
    gold_like = [record for record in records if record.value_text != "2"]
    verdicts = [one.right for one in judge(report, gold_like)]
    assert [reading.text for reading in readings(report.document, records)] == texts
    # The first keeps its verb in the indicator, as the rules have it; the second is missed.
    assert verdicts == [False, False, True, True]
    assert [one.case for one in judge(report, gold_like)][:2] == [Case.RECORDS, Case.SILENT]


def made_up(count: int, *, seed: int = 5) -> list[Judged]:
    """Sentences whose rightness follows a logistic of two features; the others are nought."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        features = dict.fromkeys(FEATURES[Case.SILENT], 0.0)
        features["length"], features["digits"] = chance.uniform(0, 3), float(chance.random() < 0.5)
        truth = Logistic(0.5, {"length": 1.0, "digits": -2.0}).probability(features)
        right = chance.random() < truth
        found.append(Judged(f"report-{number % 7}", Case.SILENT, features, 0, right))
    return found


def test_the_fit_finds_the_weights_that_made_the_data() -> None:
    logistic = fitting.fit(made_up(6000)).logistics[Case.SILENT]
    assert logistic.bias == pytest.approx(0.5, abs=0.2)
    assert logistic.weights["length"] == pytest.approx(1.0, abs=0.15)
    assert logistic.weights["digits"] == pytest.approx(-2.0, abs=0.2)
    assert logistic.weights["quotes"] == 0


def test_what_is_left_out_is_judged_by_the_others_alone() -> None:
    sentences = made_up(140)
    lies = [Judged("liar", one.case, one.features, 0, not one.right) for one in made_up(20, seed=6)]
    without = fitting.fit(sentences).logistics[Case.SILENT]
    found = [pair for pair in leave_one_out([*sentences, *lies]) if pair[0].report == "liar"]
    assert len(found) == 20
    assert all(p == pytest.approx(without.probability(one.features)) for one, p in found)


def test_a_calibrated_confidence_has_little_error_and_a_bragging_one_much() -> None:
    predicted = leave_one_out(made_up(3000))
    assert calibration_error(predicted) < 0.03
    bragging = [(one, 0.99) for one, _ in predicted]
    assert calibration_error(bragging) == pytest.approx(
        0.99 - sum(one.right for one, _ in predicted) / len(predicted), abs=1e-9
    )


def verdicts(*pairs: tuple[bool, float]) -> list[tuple[Judged, float]]:
    return [(Judged("a", Case.PLAIN, {}, 0, right), p) for right, p in pairs]


@pytest.mark.parametrize(
    ("pairs", "precision", "expected"),
    [
        ([(True, 0.9), (True, 0.8), (False, 0.7)], 0.95, (0.8, 2 / 3)),
        ([(False, 0.9), (True, 0.8), (True, 0.7), (True, 0.6)], 0.75, (0.6, 1.0)),
        ([(True, 0.9), (False, 0.9), (True, 0.5)], 0.95, (1.0, 0.0)),
        ([], 0.95, (1.0, 0.0)),
    ],
)
def test_what_is_safe_at_a_precision(
    pairs: list[tuple[bool, float]], precision: float, expected: tuple[float, float]
) -> None:
    assert safe_share(verdicts(*pairs), precision) == pytest.approx(expected)


def test_a_case_without_errors_is_not_certain() -> None:
    sentences = [Judged("a", Case.PLAIN, {}, 0, True) for _ in range(50)]
    assert 0.95 < fitting.fit(sentences).logistics[Case.PLAIN].probability({}) < 1


def test_the_file_is_read_as_it_was_written() -> None:
    shipped = shipped_calibration()
    again = parse_calibration(fitting.to_toml(shipped), "again.toml")
    assert again.logistics == shipped.logistics
    assert again.fingerprint != shipped.fingerprint


def test_shipped_weights_tell_safe_from_doubtful() -> None:
    calibration = shipped_calibration()
    safe = calibration.confidence(only("2023年一般公共预算收入25.4亿元，同比增长6.1%。"))
    doubtful = calibration.confidence(
        only(
            "其中（含代建）由两批约三十余处“口袋”点位、若干节点共计百余项增至12个(9个、3处)、41组、77段、6片、8带。"
        )
    )
    assert doubtful < safe
    assert calibration.confidence(only("山清水秀。")) > 0.99


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("[plain]", "[plane]"), "plain"),
        (("\nlength = ", "\nlenght = "), "lenght"),
        (("\nmoney = ", "\nmoney = true #"), "money"),
        (("\nmoney = ", "\nmoney = inf #"), "money"),
        (("\nmoney = ", "\nmoney "), "not TOML"),
    ],
)
def test_a_file_that_is_wrong_is_refused(change: tuple[str, str], complaint: str) -> None:
    text = fitting.to_toml(shipped_calibration())
    with pytest.raises(ConfigError, match=complaint):
        parse_calibration(text.replace(*change), "weights.toml")


def test_a_file_that_is_missing_is_refused(tmp_path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_calibration(tmp_path / "none.toml")
