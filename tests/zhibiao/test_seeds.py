from hashlib import sha256
from pathlib import Path

import pytest

from zhibiao.errors import ConfigError, DataError, WriteError
from zhibiao.seeds import Seed, find_seeds, import_seeds, read_manifest

TEXTS = {"lan-2023.txt": "新增停车位320个。\r\n".encode(), "yun-2023.txt": "﻿改造老旧小区21个。".encode()}


def seed(name, content):
    return Seed(
        name[:-4], "总结", "岚城街道", "云麓区", "云麓市", 2023, name, sha256(content).hexdigest(), 10
    )


@pytest.fixture
def seeds(tmp_path):
    """A seeds folder whose manifest knows two small texts."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    lines = [
        f"[[report]]\nid = '{s.id}'\ntitle = '{s.title}'\npublisher = '{s.publisher}'\n"
        f"district = '{s.district}'\ncity = '{s.city}'\nreport_year = 2023\n"
        f"file = '{s.file}'\nsha256 = '{s.sha256}'\nchars = 10\n"
        for s in (seed(name, content) for name, content in TEXTS.items())
    ]
    (folder / "manifest.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "download"
    folder.mkdir()
    for name, content in TEXTS.items():
        (folder / name).write_bytes(content)
    return folder


def imported(seeds):
    texts = seeds / "texts"
    return {path.name: path.read_bytes() for path in texts.iterdir()} if texts.exists() else {}


def test_texts_are_copied_byte_for_byte(seeds, source):
    done = import_seeds(source, seeds)
    assert imported(seeds) == TEXTS
    assert (done.copied, done.kept) == (tuple(TEXTS), ())


def test_a_second_import_changes_nothing(seeds, source):
    import_seeds(source, seeds)
    before = [path.stat().st_mtime_ns for path in sorted((seeds / "texts").iterdir())]
    done = import_seeds(source, seeds)
    assert (done.copied, done.kept) == ((), tuple(TEXTS))
    assert [path.stat().st_mtime_ns for path in sorted((seeds / "texts").iterdir())] == before


def test_a_spoilt_copy_is_replaced(seeds, source):
    import_seeds(source, seeds)
    (seeds / "texts" / "lan-2023.txt").write_bytes(b"spoilt")
    assert import_seeds(source, seeds).copied == ("lan-2023.txt",)
    assert imported(seeds) == TEXTS


def test_the_imported_folder_can_be_its_own_source(seeds, source):
    import_seeds(source, seeds)
    assert import_seeds(seeds / "texts", seeds).kept == tuple(TEXTS)


def test_a_converted_file_is_refused_with_both_sums_and_nothing_is_copied(seeds, source):
    converted = TEXTS["lan-2023.txt"].replace(b"\r\n", b"\n")
    (source / "lan-2023.txt").write_bytes(converted)
    found, expected = sha256(converted).hexdigest(), sha256(TEXTS["lan-2023.txt"]).hexdigest()
    with pytest.raises(
        DataError, match=f"lan-2023.txt: sha256 {found}, expected {expected}; get the file anew"
    ):
        import_seeds(source, seeds)
    assert imported(seeds) == {}


def test_everything_that_is_wrong_is_told_at_once(seeds, source):
    (source / "lan-2023.txt").write_bytes(b"")
    (source / "yun-2023.txt").rename(source / "other.txt")
    (source / "lan-2023.txt.bak").touch()
    with pytest.raises(DataError) as caught:
        import_seeds(source, seeds)
    assert "lan-2023.txt: sha256" in str(caught.value)
    assert "yun-2023.txt: missing or not readable; put the text of 总结 there" in str(caught.value)


def test_a_wrong_folder_is_told_from_a_missing_one(seeds, source, tmp_path):
    with pytest.raises(DataError, match=r"holds none of the seed texts \(lan-2023\.txt, yun-2023\.txt\)"):
        import_seeds(seeds, seeds)
    with pytest.raises(DataError, match="no such folder"):
        import_seeds(tmp_path / "nowhere", seeds)
    with pytest.raises(DataError, match="no such folder"):
        import_seeds(source / "lan-2023.txt", seeds)


def test_a_place_that_cannot_be_written_is_named(seeds, source):
    (seeds / "texts").write_text("a file where the folder belongs")
    with pytest.raises(WriteError, match="texts: cannot be written"):
        import_seeds(source, seeds)


def test_a_folder_without_manifest_is_named(source, tmp_path):
    with pytest.raises(ConfigError, match=r"manifest\.toml: cannot be read"):
        import_seeds(source, tmp_path)


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        ("x = 1", r"no list of \[\[report\]\]"),
        ("[[report", r"no list of \[\[report\]\]"),
        ("[[report]]\nid = 'a'\n", "report 1: chars, city, .* missing"),
        ("[[report]]\ncolour = 'a'\n", "report 1: unknown keys colour"),
    ],
)
def test_a_broken_manifest_is_named(tmp_path, content, finding):
    path = tmp_path / "manifest.toml"
    path.write_text(content)
    with pytest.raises(ConfigError, match=finding):
        read_manifest(path)


def test_the_manifest_says_what_was_written(seeds):
    assert read_manifest(seeds / "manifest.toml") == tuple(seed(n, c) for n, c in TEXTS.items())


def test_seeds_are_found_here_or_in_the_checkout(seeds, tmp_path):
    assert find_seeds(tmp_path) == seeds
    checkout = Path(__file__).resolve().parents[2] / "seeds"
    assert find_seeds(tmp_path / "elsewhere") == checkout
