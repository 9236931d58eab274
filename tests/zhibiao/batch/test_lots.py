"""Neighbours in lots: nothing lost, nothing moved, and none larger than allowed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from zhibiao.batch import Task
from zhibiao.batch.lots import MOST, lots_of


def tasks_of(lengths: list[int]) -> list[Task]:
    return [Task(f"r{n}", "corpus.jsonl", n, {"text": "字" * one}) for n, one in enumerate(lengths)]


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(1, 100))
def test_lots_are_neighbours_of_no_more_than_the_text_allowed(lengths: list[int], characters: int) -> None:
    tasks = tasks_of(lengths)
    lots = list(lots_of(tasks, characters))
    assert [task for lot in lots for task in lot] == tasks
    for lot in lots:
        size = sum(lengths[task.line] for task in lot)
        assert len(lot) == 1 or (size <= characters and len(lot) <= MOST)


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(1, 100))
def test_no_lot_could_have_taken_the_next_report(lengths: list[int], characters: int) -> None:
    lots = list(lots_of(tasks_of(lengths), characters))
    for lot, after in pairwise(lots):
        size = sum(lengths[task.line] for task in (*lot, after[0]))
        assert size > characters or len(lot) == MOST


def test_without_a_number_of_characters_each_is_alone() -> None:
    tasks = tasks_of([1, 0, 3])
    assert list(lots_of(tasks, 0)) == [(task,) for task in tasks]


def test_a_file_counts_by_its_bytes_and_one_that_is_gone_as_nothing(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.txt", "gone.txt", "b.txt", "c.txt")]
    for path in (paths[0], paths[2], paths[3]):
        path.write_text("字" * 10)
    tasks = [Task(path.stem, str(path)) for path in paths]
    assert [len(lot) for lot in lots_of(tasks, 20)] == [3, 1]
