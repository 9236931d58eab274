"""How good predictions are: spans and records held against gold."""

from zhibiao.scoring.counts import Counts, Interval, Share
from zhibiao.scoring.iob2 import from_iob2, to_iob2
from zhibiao.scoring.pairing import Pair
from zhibiao.scoring.records import (
    DECIDING,
    REPORTED,
    Comparison,
    RecordScores,
    ReportScore,
    refuse_doubles,
    score,
    score_report,
)
from zhibiao.scoring.spans import Grades, SpanMode, SpanScores, gold_spans, score_spans
from zhibiao.scoring.statements import Statement

__all__ = [
    "DECIDING",
    "REPORTED",
    "Comparison",
    "Counts",
    "Grades",
    "Interval",
    "Pair",
    "RecordScores",
    "ReportScore",
    "Share",
    "SpanMode",
    "SpanScores",
    "Statement",
    "from_iob2",
    "gold_spans",
    "refuse_doubles",
    "score",
    "score_report",
    "score_spans",
    "to_iob2",
]
