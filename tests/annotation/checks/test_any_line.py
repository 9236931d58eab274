"""Whatever stands in a gold file, the check ends with findings, never with a traceback."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.checks import Severity, check

TEXT = "全年财政收入6.45亿元，同比增长12.5%；引进企业394家。\n分别下降5%、6%，力争2035年底达90公顷。"

LINE: dict[str, Any] = {
    "id": "lake",
    "title": "总结",
    "publisher": "柳溪区政府",
    "district": "柳溪区",
    "report_year": 2031,
    "text": TEXT,
    "records": [
        {
            "spans": {"indicator": [2, 6], "value": [6, 10], "unit": [10, 12], "growth": [13, 22]},
            "year": 2031,
            "kind": "actual",
            "qualifier": None,
        },
        {
            "spans": {"indicator": [23, 27], "value": [27, 30], "unit": [30, 31], "year": [0, 2]},
            "year": 2031,
            "kind": "actual",
            "qualifier": None,
            "growth_rate": -1.5,
        },
    ],
}

offsets = st.lists(st.integers(0, len(TEXT) + 2), min_size=2, max_size=2).map(sorted)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 3000) | st.floats() | st.text(max_size=4) | offsets,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=4,
)
slots = st.sampled_from(["indicator", "value", "unit", "growth", "year"])


@st.composite
def spans(draw: st.DrawFn) -> dict[str, Any]:
    return draw(st.dictionaries(slots, offsets, max_size=5))


@st.composite
def lines(draw: st.DrawFn) -> str:
    """The sound line with random spans, and with anything at one place or two."""
    line = copy.deepcopy(LINE)
    for record in line["records"]:
        record["spans"] |= draw(spans())
        record["growth_rate"] = draw(st.none() | st.integers(-9, 9))
        record["year"] = draw(st.none() | st.integers(1900, 2100))
    for _ in range(draw(st.integers(0, 2))):
        target: Any = line
        while isinstance(target, dict | list) and target:
            key = draw(st.sampled_from(list(target) if isinstance(target, dict) else range(len(target))))
            if not isinstance(target[key], dict | list) or draw(st.booleans()):
                target[key] = draw(values)
                break
            target = target[key]
    return json.dumps(line, ensure_ascii=draw(st.booleans()))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(lines() | st.text(max_size=5), min_size=1, max_size=3))
def test_any_line_is_checked(contents: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        path.write_bytes("\n".join([*contents, json.dumps(LINE)]).encode("utf-8", "surrogatepass"))
        checked = check([path])
    assert checked.n_reports >= 1
    for fault in checked.faults:
        assert fault.severity in Severity
        assert "\n" not in fault.line()
        json.dumps(fault.to_json())
