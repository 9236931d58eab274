"""Coverage-guided fuzzing of normalisation: `python tests/fuzz/fuzz_normalise.py -max_total_time=60`.

Not collected by pytest; the seeded fuzz test in tests/zhibiao/normalise/test_fuzz.py is.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports():
    from zhibiao.normalise import (
        bounds,
        find_qualifier,
        parse_growth,
        parse_number,
        parse_period,
        parse_unit,
        resolve_year,
        to_base,
    )


def read(data: bytes) -> None:
    """Any text through every parser; only an exception or a time-out is a finding."""
    text = data.decode("utf-8", "surrogateescape")
    number, unit = parse_number(text), parse_unit(text)
    if number is not None and number.value is not None and unit is not None:
        to_base(number.value, unit)
        bounds(number.value, "左右", value_text=text)
    parse_growth(text, before=text)
    year = resolve_year(text, section_year=2023, report_year=2022, sitting_year=None, published=text)
    parse_period(text, year=year)
    find_qualifier(text, 0, len(text) // 2, after=len(text))


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
