"""Records of many reports as statements that can be compared, and as time series by catalogue code."""

from zhibiao.series.intervals import Interval, growth_interval, value_interval
from zhibiao.series.places import Place, PlaceRecords, RecordFiles
from zhibiao.series.rows import LeftOut, Row, Series
from zhibiao.series.statements import Spell, Statement, spell_of, statements
from zhibiao.series.wording import Caveat, Quotation, caveats, names_the_whole, quotation

__all__ = [
    "Caveat",
    "Interval",
    "LeftOut",
    "Place",
    "PlaceRecords",
    "Quotation",
    "RecordFiles",
    "Row",
    "Series",
    "Spell",
    "Statement",
    "caveats",
    "growth_interval",
    "names_the_whole",
    "quotation",
    "spell_of",
    "statements",
    "value_interval",
]
