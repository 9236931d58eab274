"""Other rules have another name: what they give is held to the checksum that stands beside their version."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from zhibiao.rules import RulePredictor
from zhibiao.rules.version import RULES

ROOT = Path(__file__).parents[3]


@pytest.fixture
def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rules_version", ROOT / "docs" / "rules_version.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_name_says_the_version(program: ModuleType) -> None:
    assert RulePredictor().name == f"rules/{RULES}"
    assert program.stated()[1] == RULES, f"{program.CHECKSUM} is of another version than {program.VERSION}"


@pytest.mark.slow
def test_other_records_have_another_version(program: ModuleType) -> None:
    found, (held, _) = program.checksum(), program.stated()
    assert found == held, (
        f"the rules give other records: raise RULES in {program.VERSION} and put the new checksum, {found}, "
        f"into {program.CHECKSUM}; `make rules-version` does both"
    )


@pytest.fixture
def copied(program: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program over files of its own and one short report."""
    texts = tmp_path / "texts"
    texts.mkdir()
    report = "棠湾区2024年政府工作报告\n\n一、2024年工作回顾\n新建泊位120个。\n"
    (texts / "tangwan-2024.txt").write_text(report, encoding="utf-8")
    (tmp_path / "version.py").write_text('"""Says."""\n\nRULES = "9"\n"""More."""\n', encoding="utf-8")
    (tmp_path / "records.sha256").write_text("0 9\n", encoding="utf-8")
    monkeypatch.setattr(program, "TEXTS", texts)
    monkeypatch.setattr(program, "VERSION", tmp_path / "version.py")
    monkeypatch.setattr(program, "CHECKSUM", tmp_path / "records.sha256")
    return program


def test_the_program_raises_the_version_once(copied: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    copied.main([])
    copied.main([])
    assert capsys.readouterr().out.splitlines() == [
        "rules/10: other records than before",
        "rules/10: the records are the same, nothing to do",
    ]
    assert copied.VERSION.read_text("utf-8") == '"""Says."""\n\nRULES = "10"\n"""More."""\n'
    assert copied.stated() == (copied.checksum(), "10")


def test_the_checksum_is_of_the_records(copied: ModuleType) -> None:
    path = copied.TEXTS / "tangwan-2024.txt"
    before, text = copied.checksum(), path.read_text("utf-8")
    path.write_text(text.replace("120", "121"), encoding="utf-8")
    assert copied.checksum() != before
    path.write_text(text, encoding="utf-8")
    assert copied.checksum() == before
