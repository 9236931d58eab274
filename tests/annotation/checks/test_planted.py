"""Every kind of fault, planted in sound gold, is found where it stands, and nothing else is."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotation.checks import Checked, FaultKind, Severity
from annotation.splitting import Splits

Line = dict[str, Any]
Plant = Callable[[list[Line]], None]

INCOME, FIRMS, JOBLESS, IMPORTS, EXPORTS, HOUSES, VISITS, PARKS, GREEN = range(9)


def change(number: int, **values: object) -> Plant:
    return lambda lines: lines[0]["records"][number].update(values)


def respan(number: int, slot: str, quote: str | None, after: str = "") -> Plant:
    """Another span for a slot, or none."""

    def plant(lines: list[Line]) -> None:
        spans, text = lines[0]["records"][number]["spans"], lines[0]["text"]
        if quote is None:
            del spans[slot]
        else:
            start = text.index(quote, text.index(after))
            spans[slot] = [start, start + len(quote)]

    return plant


def add(*, after: str = "", year: int = 2031, kind: str = "actual", **slots: str) -> Plant:
    def plant(lines: list[Line]) -> None:
        text = lines[0]["text"]
        spans = {}
        for slot, quote in slots.items():
            start = text.index(quote, text.index(after))
            spans[slot] = [start, start + len(quote)]
        lines[0]["records"].append({"spans": spans, "year": year, "kind": kind, "qualifier": None})

    return plant


def twice(number: int) -> Plant:
    return lambda lines: lines[0]["records"].append(dict(lines[0]["records"][number]))


def also(*plants: Plant) -> Plant:
    def plant(lines: list[Line]) -> None:
        for one in plants:
            one(lines)

    return plant


OFFSETS = {"indicator": [0, 2], "value": [10, 10_000]}

# kind, how it is planted, the number of the record that is named, what is quoted, what the message says
RECORD_FAULTS: list[tuple[FaultKind, Plant, int, str | None, str]] = [
    (FaultKind.RECORD, change(FIRMS, spans=OFFSETS), FIRMS, None, r"value span is \[10, 10000\]"),
    (FaultKind.RECORD, change(FIRMS, spans={"value": [5, 5]}), FIRMS, None, r"value span is \[5, 5\]"),
    (FaultKind.RECORD, change(FIRMS, spans={"place": [3, 5]}), FIRMS, None, r"unknown slots \['place'\]"),
    (FaultKind.RECORD, change(FIRMS, spans={"indicator": [3, 5]}), FIRMS, None, "value or a growth"),
    (FaultKind.RECORD, change(FIRMS, kind="wish"), FIRMS, None, "kind is 'wish'"),
    (FaultKind.RECORD, change(FIRMS, note="?"), FIRMS, None, "unknown keys note"),
    (FaultKind.RECORD, change(FIRMS, year="2031"), FIRMS, None, "year is '2031'"),
    (FaultKind.NO_INDICATOR, respan(FIRMS, "indicator", None), FIRMS, "394", "value without an indicator"),
    (FaultKind.NO_INDICATOR, respan(IMPORTS, "indicator", None), IMPORTS, "下降5%", "growth without an ind"),
    (FaultKind.UNIT_ALONE, respan(INCOME, "value", None), INCOME, "亿元", "unit without a value"),
    (FaultKind.UNIT_MISSING, respan(FIRMS, "unit", None), FIRMS, "394", "家 follows"),
    (FaultKind.OVERLAP, respan(FIRMS, "unit", "4家"), FIRMS, "4家", "shares characters with VALUE '394'"),
    (FaultKind.EDGE, respan(FIRMS, "unit", "家，"), FIRMS, "家，", "UNIT ends with '，'"),
    (FaultKind.EDGE, respan(INCOME, "indicator", "\n全年财政收入"), INCOME, "\n全年财政收入", "begins with"),
    (
        FaultKind.SENTENCE,
        respan(HOUSES, "indicator", "6%。改造老旧小区"),
        HOUSES,
        "6%。改造老旧小区",
        "crosses",
    ),
    (FaultKind.SCATTERED, respan(HOUSES, "indicator", "引进企业"), HOUSES, "21", "several sentences"),
    (FaultKind.QUALIFIER_EDGE, respan(VISITS, "value", "1800余"), VISITS, "1800余", "qualifier 余"),
    (
        FaultKind.LIGHT_VERB,
        respan(INCOME, "indicator", "工程完成投资"),
        INCOME,
        "工程完成投资",
        "light verb 完成",
    ),
    (FaultKind.LIGHT_VERB, respan(GREEN, "indicator", "绿地达"), GREEN, "绿地达", "light verb 达"),
    (FaultKind.DUPLICATE_RECORD, twice(FIRMS), 9, "394", f"as record {FIRMS}"),
    (FaultKind.VALUE_UNREAD, respan(HOUSES, "value", "小区"), HOUSES, "小区", "cannot be read"),
    (FaultKind.UNIT_UNKNOWN, respan(FIRMS, "unit", "家，失业"), FIRMS, "家，失业", "no unit"),
    (FaultKind.GROWTH_UNREAD, respan(IMPORTS, "growth", "分别"), IMPORTS, "分别", "no rate"),
    (FaultKind.GROWTH_RATE, change(EXPORTS, growth_rate=-7), EXPORTS, "6%", "growth_rate is -7"),
    (FaultKind.GROWTH_RATE, change(IMPORTS, growth_rate=5), IMPORTS, "下降5%", "against the direction"),
    (FaultKind.GROWTH_SIGN, change(EXPORTS, growth_rate=None), EXPORTS, "6%", "list that falls"),
    (
        FaultKind.GROWTH_AS_VALUE,
        add(after="增长率", indicator="增长率", value="8", unit="%"),
        9,
        "8",
        "提高 stands before",
    ),
    (
        FaultKind.RANK_OR_GAP,
        add(after="粮食", indicator="粮食产量", value="3", unit="位"),
        9,
        "3",
        "第 stands before",
    ),
    (
        FaultKind.RANK_OR_GAP,
        respan(IMPORTS, "growth", "高于全市平均"),
        IMPORTS,
        "高于全市平均",
        "names a gap",
    ),
    (FaultKind.QUALIFIER, change(VISITS, qualifier=None), VISITS, "1800", "余 stands beside"),
    (FaultKind.QUALIFIER, change(FIRMS, qualifier="近"), FIRMS, "394", "'近' does not stand"),
    (FaultKind.NO_YEAR, change(FIRMS, year=None), FIRMS, "394", "year is null"),
    (FaultKind.YEAR_FAR, change(FIRMS, year=2019), FIRMS, "394", "12 years from the report's 2031"),
    (FaultKind.YEAR_IMPOSSIBLE, change(FIRMS, year=213), FIRMS, "394", "year is 213"),
    (FaultKind.YEAR_SPAN, change(GREEN, year=2034), GREEN, "2035年底", "reads as 2035"),
    (FaultKind.AHEAD, change(FIRMS, year=2033), FIRMS, "394", "year is 2033 and the kind actual"),
    (FaultKind.KIND, change(FIRMS, kind="target"), FIRMS, "394", "looks back"),
    (FaultKind.KIND, change(PARKS, kind="actual"), PARKS, "5", "section plans 2032"),
    (FaultKind.KIND, change(PARKS, year=2029), PARKS, "5", "kind is target and year 2029"),
]


def own(checked: Checked) -> list[Any]:
    """Everything but the count of labels, which is low in so small a file."""
    return [fault for fault in checked.faults if fault.kind is not FaultKind.FEW]


def test_sound_gold_has_no_fault(lines: list[Line], checked: Callable[..., Checked]) -> None:
    result = checked(lines)
    assert own(result) == []
    assert (result.n_reports, result.n_records) == (2, 12)


@pytest.mark.parametrize(
    ("kind", "plant", "number", "quote", "message"),
    RECORD_FAULTS,
    ids=[f"{row[0]} {number}" for number, row in enumerate(RECORD_FAULTS)],
)
def test_a_planted_fault_is_found_where_it_stands(
    kind: FaultKind,
    plant: Plant,
    number: int,
    quote: str | None,
    message: str,
    lines: list[Line],
    checked: Callable[..., Checked],
    tmp_path: Path,
) -> None:
    plant(lines)
    lines.reverse()
    found = [fault for fault in own(checked(lines)) if fault.kind is kind]
    assert [(fault.where, fault.record, fault.quote) for fault in found] == [
        (f"{tmp_path / 'gold.jsonl'}:2", number, quote)
    ]
    assert re.search(message, found[0].message)
    assert found[0].report == "lake-2031"
    assert f"gold.jsonl:2: record {number}" in found[0].line()
    assert found[0].line().endswith(kind.remedy)


def line_faults(lines: list[Line | str], checked: Callable[..., Checked], **options: Any) -> list[Any]:
    return own(checked(lines, **options))


def test_a_line_that_is_no_json(lines: list[Line], checked: Callable[..., Checked]) -> None:
    (fault,) = line_faults([lines[0], '{"id": "half', lines[1]], checked)
    assert fault.kind is FaultKind.JSON
    assert fault.where.endswith("gold.jsonl:2")


def test_bytes_that_are_no_utf_8(lines: list[Line], write: Any, tmp_path: Path) -> None:
    from annotation.checks import check

    path = write(lines)
    path.write_bytes(path.read_bytes() + "{“".encode("gb18030") + b"\n")
    assert [fault.kind for fault in own(check([path]))] == [FaultKind.JSON]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"report_year": "2031"}, "report_year"),
        ({"records": {}}, "records is a dict"),
        ({"id": ""}, "id is ''"),
    ],
)
def test_a_report_with_a_wrong_key(
    values: Line, message: str, lines: list[Line], checked: Callable[..., Checked]
) -> None:
    (fault,) = line_faults([lines[0], lines[1] | values], checked)
    assert fault.kind is FaultKind.REPORT
    assert message in fault.message


def test_a_report_without_a_key(lines: list[Line], checked: Callable[..., Checked]) -> None:
    del lines[1]["district"]
    (fault,) = line_faults([*lines], checked)
    assert fault.kind is FaultKind.REPORT
    assert "district missing" in fault.message


def as_file(line: Line, folder: Path, text: str) -> Line:
    """The line with its text in a file that holds `text`, whose checksum is that of the annotated text."""
    (folder / "texts").mkdir()
    (folder / "texts" / "hill.txt").write_bytes(text.encode())
    body = {"file": "hill.txt", "sha256": hashlib.sha256(line["text"].encode()).hexdigest()}
    return {key: value for key, value in line.items() if key != "text"} | body


def test_a_text_that_was_changed(lines: list[Line], checked: Callable[..., Checked], tmp_path: Path) -> None:
    lines[1] = as_file(lines[1], tmp_path, lines[1]["text"].replace("1300", "1301"))
    (fault,) = line_faults([*lines], checked)
    assert fault.kind is FaultKind.TEXT
    assert "hill.txt has sha256" in fault.message


def test_a_text_in_a_file_that_is_sound(
    lines: list[Line], checked: Callable[..., Checked], tmp_path: Path
) -> None:
    lines[1] = as_file(lines[1], tmp_path, lines[1]["text"])
    assert line_faults([*lines], checked) == []


def test_a_text_inside_with_another_checksum(lines: list[Line], checked: Callable[..., Checked]) -> None:
    lines[1]["sha256"] = hashlib.sha256(b"another text").hexdigest()
    (fault,) = line_faults([*lines], checked)
    assert fault.kind is FaultKind.TEXT


def test_a_text_that_is_missing(lines: list[Line], checked: Callable[..., Checked]) -> None:
    del lines[1]["text"]
    assert [fault.kind for fault in line_faults([*lines], checked)] == [FaultKind.TEXT]


def test_an_empty_report(lines: list[Line], checked: Callable[..., Checked]) -> None:
    lines[1] |= {"text": " \n", "records": []}
    assert [fault.kind for fault in line_faults([*lines], checked)] == [FaultKind.EMPTY]


def test_a_report_without_records(lines: list[Line], checked: Callable[..., Checked]) -> None:
    lines[1]["records"] = []
    assert [fault.kind for fault in line_faults([*lines], checked)] == [FaultKind.NO_RECORDS]


def test_the_same_id_twice(lines: list[Line], checked: Callable[..., Checked]) -> None:
    lines[1]["id"] = lines[0]["id"]
    (fault,) = line_faults([*lines], checked)
    assert fault.kind is FaultKind.DUPLICATE_ID
    assert "gold.jsonl:1" in fault.message


def test_the_same_text_under_two_ids(lines: list[Line], checked: Callable[..., Checked]) -> None:
    (fault,) = line_faults([*lines, lines[1] | {"id": "hill-again"}], checked)
    assert fault.kind is FaultKind.DUPLICATE_TEXT
    assert fault.where.endswith(":3")


def copied(line: Line, district: str) -> Line:
    """The same report of another place, with another ending."""
    text = line["text"] + "三、结语\n以上情况供各位参阅，不当之处请批评指正。\n"
    return line | {"id": "copy", "district": district, "text": text}


SPLITS = Splits("district", {"train": ("柳溪区",), "dev": (), "test": ("栖山县",)})


def test_a_near_duplicate(lines: list[Line], checked: Callable[..., Checked]) -> None:
    (fault,) = line_faults([*lines, copied(lines[1], "栖山县")], checked)
    assert fault.kind is FaultKind.NEAR_DUPLICATE
    assert "100% of its runs of 13" in fault.message
    assert fault.severity is Severity.WARNING


def test_a_near_duplicate_in_another_split_is_a_leak(
    lines: list[Line], checked: Callable[..., Checked]
) -> None:
    (fault,) = line_faults([*lines, copied(lines[1], "柳溪区")], checked, splits=SPLITS)
    assert fault.kind is FaultKind.LEAK
    assert fault.severity is Severity.ERROR
    assert "one is for test, the other for train" in fault.message


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            {"train": ("柳溪区",), "dev": ("栖山县",), "test": ("栖山县",)},
            "栖山县 stands 2 times, in dev and test",
        ),
        ({"train": ("柳溪区",), "dev": (), "test": ()}, "栖山县 stands in no split"),
        ({"train": ("柳溪区",), "dev": ("岚城区",), "test": ("栖山县",)}, "岚城区 stands in no report"),
    ],
)
def test_splits_that_do_not_fit(
    parts: Any, message: str, lines: list[Line], checked: Callable[..., Checked]
) -> None:
    (fault,) = line_faults([*lines], checked, splits=Splits("district", parts))
    assert fault.kind is FaultKind.SPLIT
    assert message in fault.message


def test_labels_with_few_spans(lines: list[Line], checked: Callable[..., Checked]) -> None:
    few = [fault for fault in checked(lines).faults if fault.kind is FaultKind.FEW]
    assert [fault.message.split()[:2] for fault in few] == [
        ["12", "INDICATOR"],
        ["10", "VALUE"],
        ["10", "UNIT"],
        ["4", "GROWTH"],
        ["1", "YEAR"],
    ]


def test_one_bad_record_hides_no_other(lines: list[Line], checked: Callable[..., Checked]) -> None:
    lines[0]["records"][FIRMS]["kind"] = "wish"
    lines[0]["records"][HOUSES]["year"] = None
    assert [(fault.kind, fault.record) for fault in own(checked(lines))] == [
        (FaultKind.RECORD, FIRMS),
        (FaultKind.NO_YEAR, HOUSES),
    ]


def test_every_kind_can_be_found(request: pytest.FixtureRequest) -> None:
    """Each kind has a remedy and stands in these files, so that none is left untested."""
    others = ("test_planted.py", "test_suspects.py", "test_label_errors.py")
    source = "".join(Path(__file__).with_name(name).read_text("utf-8") for name in others)
    for kind in FaultKind:
        assert kind.remedy
        assert f"FaultKind.{kind.name}" in source


def test_every_kind_stands_in_the_docs() -> None:
    docs = (Path(__file__).parents[3] / "docs" / "data-quality.md").read_text("utf-8")
    for kind in FaultKind:
        assert f"| `{kind}` | {kind.severity} |" in docs


def test_findings_are_json(lines: list[Line], checked: Callable[..., Checked]) -> None:
    change(FIRMS, year=None)(lines)
    (fault,) = own(checked(lines))
    assert json.loads(json.dumps(fault.to_json())) == {
        "severity": "warning",
        "kind": "no-year",
        "where": fault.where,
        "report": "lake-2031",
        "record": FIRMS,
        "offsets": list(fault.offsets),
        "quote": "394",
        "message": "year is null",
        "remedy": FaultKind.NO_YEAR.remedy,
    }
