"""Chinese text to values: numbers, units, periods, growth, qualifiers. Pure functions."""

from __future__ import annotations

from zhibiao.normalise.growth import COMPARISON, Growth, direction_of, parse_growth
from zhibiao.normalise.numbers import NUMBER, Number, NumberForm, format_decimal, parse_number
from zhibiao.normalise.periods import TIME, parse_period, resolve_year, whole_year
from zhibiao.normalise.qualifiers import bounds, find_qualifier
from zhibiao.normalise.units import Unit, parse_unit, to_base, unit_source

__all__ = [
    "COMPARISON",
    "NUMBER",
    "TIME",
    "Growth",
    "Number",
    "NumberForm",
    "Unit",
    "bounds",
    "direction_of",
    "find_qualifier",
    "format_decimal",
    "parse_growth",
    "parse_number",
    "parse_period",
    "parse_unit",
    "resolve_year",
    "to_base",
    "unit_source",
    "whole_year",
]
