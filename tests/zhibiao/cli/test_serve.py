"""`zhibiao serve` before it serves: extras, keys, addresses."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from zhibiao.cli import build_app, serve

KEY = "0123456789abcdefghij"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Everything but the serving itself; holds the settings that it would serve with."""
    found: list[Any] = []

    def keep(factory: Any, settings: Any, listening: Any, *, quiet: bool) -> None:
        listening.close()
        found.append(settings)

    monkeypatch.setattr(serve, "_run", keep)
    monkeypatch.delenv(serve.KEY_VARIABLE, raising=False)
    return found


def run(*options: str) -> Result:
    return CliRunner().invoke(build_app(), ["serve", "--method", "rules", "--port", "0", *options])


def test_it_says_where_and_how_and_takes_its_limits(started: list[Any]) -> None:
    limits = ["--max-mib", "2", "--max-reports", "5", "--timeout", "1.5", "--concurrency", "7"]
    result = run(*limits)
    assert result.exit_code == 0, result.output
    assert "serving by rules, as asked: http://127.0.0.1:" in result.stderr
    assert "warning" not in result.stderr
    (settings,) = started
    found = (settings.max_bytes, settings.max_reports, settings.timeout, settings.concurrency, settings.key)
    assert found == (2 << 20, 5, 1.5, 7, None)


def test_the_key_comes_from_the_environment_or_a_file(
    started: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(serve.KEY_VARIABLE, KEY)
    assert run().exit_code == 0
    file = tmp_path / "key"
    file.write_text(f"{KEY}-of-the-file\n", "utf-8")
    assert run("--api-key-file", str(file)).exit_code == 0
    assert [settings.key for settings in started] == [KEY, f"{KEY}-of-the-file"]


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read"), ("\n", "empty"), ("short", "openssl rand")]
)
def test_a_file_without_a_key_is_told(
    content: str | None, said: str, started: list[Any], tmp_path: Path
) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_text(content, "utf-8")
    result = run("--api-key-file", str(file))
    assert result.exit_code == 2
    assert said in result.stderr
    assert "short" not in result.stderr
    assert not started


def test_open_to_all_without_a_key_is_warned_of(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "warning: anybody" in run("--host", "0.0.0.0").stderr
    monkeypatch.setenv(serve.KEY_VARIABLE, KEY)
    result = run("--host", "0.0.0.0")
    assert "warning" not in result.stderr
    assert KEY not in result.output


def test_a_missing_extra_names_its_pip_line(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else real(name))
    result = run()
    assert result.exit_code == 2
    assert "uvicorn not installed; pip install 'zhibiao[serve]'" in result.stderr


def test_an_address_that_is_none_is_told(started: list[Any]) -> None:
    result = run("--host", "no-such-host.invalid")
    assert result.exit_code == 2
    assert "cannot listen there" in result.stderr
