"""Partitioned output: what others read from it is what was extracted, and nobody's files are lost to it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import polars
import pyarrow.parquet as pq
import pytest

from inference import partitions
from inference.columns import COLUMNS
from inference.partitions import check_partitions, whole_folder, write_partitions
from zhibiao.errors import ConfigError, WriteError

NAMES = [column.name for column in COLUMNS]
ODD = ["榆山区", "a/b", "100%", "x=y", "..", ". ", "é", "it's", "C:\\d", "12", "", None]
"""Names of districts that a path could stumble over."""


def row(**cells: object) -> list:
    return [cells.get(name) for name in NAMES]


@pytest.fixture
def two_districts(tmp_path: Path, report: str) -> Path:
    """Reports of two districts and years, and one that says neither."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, district, year in (("a", "柳溪区", 2023), ("b", "榆山区", 2022), ("c", None, None)):
        text = report if year is None else report.replace("2023", str(year)).replace("2024", str(year + 1))
        (folder / f"{name}.txt").write_text(text)
        if district:
            (folder / f"{name}.toml").write_text(f'district = "{district}"')
    return folder


def _facts(rows: Iterator[tuple]) -> Counter[tuple]:
    return Counter(tuple(None if cell is None else str(cell) for cell in row) for row in rows)


@pytest.fixture
def partitioned(extract: Callable, two_districts: Path, tmp_path: Path) -> tuple[Path, Counter[tuple]]:
    """A partitioned output, and what the same run wrote as CSV."""
    folder, table = tmp_path / "records", tmp_path / "records.csv"
    done = extract(two_districts, "-o", table, "--partition-by", "year,district", output=folder)
    assert done.code == 0, done.stderr
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 6
    wanted = ("report_id", "year", "district", "indicator", "evidence")
    return folder, Counter(tuple(row[name] or None for name in wanted) for row in rows)


def test_duckdb_reads_what_was_extracted(partitioned: tuple[Path, Counter[tuple]]) -> None:
    folder, wanted = partitioned
    rows = duckdb.sql(
        f"SELECT report_id, year, district, indicator, evidence "
        f"FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = true)"
    ).fetchall()
    assert _facts(iter(rows)) == wanted
    one = duckdb.sql(
        f"SELECT DISTINCT report_id FROM read_parquet('{folder}/**/*.parquet') "
        "WHERE year = 2022 AND district = '榆山区'"
    ).fetchall()
    assert one == [("b",)]


def test_polars_reads_what_was_extracted(partitioned: tuple[Path, Counter[tuple]]) -> None:
    folder, wanted = partitioned
    table = polars.scan_parquet(folder, hive_partitioning=True)
    rows = table.select("report_id", "year", "district", "indicator", "evidence").collect().rows()
    assert _facts(iter(rows)) == wanted
    some = table.filter(polars.col("year") == 2023, polars.col("district") == "柳溪区").collect()
    assert set(some["report_id"]) == {"a"}


def test_the_layout_is_hive_and_the_manifest_stands_beside(partitioned: tuple[Path, Counter[tuple]]) -> None:
    folder, _ = partitioned
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    assert {"year=2023/district=柳溪区/part-0.parquet", "year=2022/district=榆山区/part-0.parquet"} <= names
    assert any("district=__HIVE_DEFAULT_PARTITION__" in name for name in names)
    assert folder.with_name("records.manifest").exists()
    assert not [path for path in folder.parent.iterdir() if path.name.startswith(".")]


def test_odd_names_come_back(tmp_path: Path) -> None:
    write_partitions(
        tmp_path, [row(indicator=str(n), district=name) for n, name in enumerate(ODD)], ["district"]
    )
    found = polars.scan_parquet(tmp_path, hive_partitioning=True, hive_schema={"district": polars.String})
    by_number = dict(found.select("indicator", "district").collect().rows())
    assert [by_number[str(n)] for n in range(len(ODD))] == [name or None for name in ODD]
    rows = duckdb.sql(
        f"SELECT indicator, district FROM read_parquet('{tmp_path}/**/*.parquet', "
        "hive_partitioning = true, hive_types = {'district': VARCHAR})"
    ).fetchall()
    assert sorted(rows, key=lambda pair: int(pair[0])) == [
        (str(n), name or None) for n, name in enumerate(ODD)
    ]


def test_few_rows_and_files_are_held_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "ROWS", 7)
    monkeypatch.setattr(partitions, "OPEN", 3)
    rows = [row(indicator=str(n), year=2000 + n % 5) for n in range(100)]
    for folder in ("one", "two"):
        write_partitions(tmp_path / folder, rows, ["year"])
    one, two = (sorted((tmp_path / folder).rglob("*.parquet")) for folder in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    assert len(one) > 5
    found = Counter(
        (name, int(path.parent.name.removeprefix("year=")))
        for path in one
        for name in pq.ParquetFile(path).read(["indicator"])["indicator"].to_pylist()
    )
    assert found == Counter((str(n), 2000 + n % 5) for n in range(100))


def test_a_second_run_replaces_the_folder(
    extract: Callable, partitioned: tuple[Path, Counter[tuple]], two_districts: Path
) -> None:
    folder, _ = partitioned
    (two_districts / "b.txt").unlink()
    assert extract(two_districts, "--partition-by", "district", "--resume", output=folder).code == 0
    assert {path.name for path in folder.iterdir()} == {
        "district=柳溪区",
        "district=__HIVE_DEFAULT_PARTITION__",
    }


def test_a_folder_with_anything_else_is_never_replaced(extract: Callable, two_districts: Path) -> None:
    before = {path: path.read_bytes() for path in two_districts.iterdir()}
    run = extract(two_districts / "a.txt", "--partition-by", "year", output=two_districts)
    assert run.code == 2
    assert "would be replaced, but holds" in run.stderr
    assert {path: path.read_bytes() for path in two_districts.iterdir()} == before


def test_a_block_that_fails_leaves_the_old_folder(tmp_path: Path) -> None:
    path = tmp_path / "records"
    with whole_folder(path) as partial:
        (partial / "old").touch()
    with pytest.raises(RuntimeError), whole_folder(path) as partial:
        (partial / "new").touch()
        raise RuntimeError
    assert [file.name for file in path.iterdir()] == ["old"]
    assert [file.name for file in tmp_path.iterdir()] == ["records"]


def test_a_kill_between_the_two_steps_is_mended(tmp_path: Path) -> None:
    old = tmp_path / ".records.old"
    old.mkdir()
    (old / "file").touch()
    with pytest.raises(RuntimeError), whole_folder(tmp_path / "records"):
        raise RuntimeError
    assert [file.name for file in (tmp_path / "records").iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("by", "words"),
    [(["colour"], "no such column"), (["value"], "no such column"), (["year", "year"], "named twice")],
)
def test_what_nothing_can_be_partitioned_by_is_refused(tmp_path: Path, by: list[str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        check_partitions(by, [tmp_path / "records"])


def test_partitions_need_a_folder_and_a_folder_partitions(extract: Callable, two_districts: Path) -> None:
    lacks = extract(two_districts, "--partition-by", "year")
    assert (lacks.code, "no output is a folder" in lacks.stderr) == (2, True)
    plain = extract(two_districts, output=two_districts.with_name("records"))
    assert (plain.code, "--partition-by for a folder" in plain.stderr) == (2, True)


def test_a_file_in_the_place_of_the_folder_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "records"
    path.write_text("mine")
    with pytest.raises(WriteError, match="would be replaced"):
        check_partitions(["year"], [path])
