from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhibiao.cli import build_app
from zhibiao.cli.app import ExitCode


def run(*arguments):
    return CliRunner().invoke(build_app(), ["seeds", "import", *map(str, arguments)])


MANIFEST = """[[report]]
id = "lan-2023"
title = "总结"
publisher = "岚城街道"
district = "云麓区"
city = "云麓市"
report_year = 2023
file = "lan-2023.txt"
sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
chars = 3
"""


@pytest.fixture
def seeds(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "manifest.toml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / "lan-2023.txt").write_bytes(b"abc")
    return tmp_path / "seeds"


def test_the_import_says_what_it_did(seeds):
    first = run(seeds.parent, "--to", seeds)
    assert (first.exit_code, (seeds / "texts" / "lan-2023.txt").read_bytes()) == (0, b"abc")
    assert "copied lan-2023.txt" in first.stdout
    assert "1 of them already there" in run(seeds.parent, "--to", seeds).stdout


def test_it_goes_into_the_seeds_of_the_current_folder(seeds, monkeypatch):
    monkeypatch.chdir(seeds.parent)
    assert run(".").exit_code == 0
    assert Path("seeds/texts/lan-2023.txt").is_file()


def test_a_wrong_text_ends_in_a_message_and_code_3(seeds):
    (seeds.parent / "lan-2023.txt").write_bytes(b"abd")
    result = run(seeds.parent, "--to", seeds)
    assert result.exit_code == ExitCode.INPUTS_FAILED
    assert "expected ba7816bf" in result.stderr


def test_a_wrong_seeds_folder_is_wrong_usage(seeds):
    result = run(seeds.parent, "--to", seeds.parent)
    assert result.exit_code == ExitCode.USAGE
    assert "manifest.toml: cannot be read" in result.stderr
