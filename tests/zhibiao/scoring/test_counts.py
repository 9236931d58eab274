import pytest

from zhibiao.scoring.bootstrap import bootstrap_f1
from zhibiao.scoring.counts import Counts, Share, micro

DOCUMENTS = [Counts(10, 10, 9), Counts(10, 12, 5), Counts(40, 38, 30), Counts(5, 6, 0)]


def test_ratios():
    counts = Counts(gold=8, predicted=4, correct=3)
    assert (counts.precision, counts.recall, counts.f1) == (0.75, 0.375, 0.5)
    assert Share(3, 4).accuracy == 0.75


def test_nothing_is_zero_and_raises_nothing():
    assert (Counts().precision, Counts().recall, Counts().f1, Share().accuracy) == (0, 0, 0, 0)


def test_micro_weighs_records_alike():
    assert micro(DOCUMENTS) == Counts(65, 66, 44)


def test_the_interval_holds_the_score_and_is_the_same_each_time():
    interval = bootstrap_f1(DOCUMENTS)
    assert interval == bootstrap_f1(DOCUMENTS)
    assert interval.low < micro(DOCUMENTS).f1 < interval.high
    assert interval != bootstrap_f1(DOCUMENTS, seed=7, samples=20)


def test_reports_that_are_all_alike_leave_no_doubt():
    interval = bootstrap_f1([Counts(10, 10, 8)] * 5)
    assert (interval.low, interval.high) == pytest.approx((0.8, 0.8))


def test_no_reports_have_no_interval():
    assert bootstrap_f1([]).high == 0


def test_the_interval_of_two_reports_is_as_wide_as_they_differ():
    """Each of two reports is drawn twice in a quarter of the samples, so both ends are reached."""
    interval = bootstrap_f1([Counts(10, 10, 10), Counts(10, 10, 0)])
    assert (interval.low, interval.high) == (0.0, 1.0)
