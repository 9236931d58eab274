"""What tests of several rooms share."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import settings

from zhibiao.cli import build_app

# Property tests judge results, not the speed of the machine that happens to run them.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture(scope="session")
def parse_command() -> Callable[[str], list[str]]:
    """Parses a line of documentation as the command line would, without running it; gives its words."""

    def parse(line: str) -> list[str]:
        words = shlex.split(line.split(" > ")[0], comments=True)
        command, context, rest = typer.main.get_command(build_app()), None, words[1:]
        while hasattr(command, "commands"):
            assert rest[0] in command.commands, f"{line}: no command {rest[0]}"
            context = command.make_context(rest[0], [], parent=context, resilient_parsing=True)
            command, rest = command.commands[rest[0]], rest[1:]
        context = command.make_context("", [], parent=context, resilient_parsing=True)
        values, left, _ = command.make_parser(context).parse_args(list(rest))
        assert left == [], f"{line}: nobody takes {left}"
        missing = [each.name for each in command.params if each.required and values.get(each.name) is None]
        assert missing == [], f"{line}: lacks {missing}"
        return words[1:]

    return parse


DATA = Path(__file__).parents[1] / "data"
OBEDIENT = Path(__file__).parent / "programs" / "obedient.py"


@dataclass(frozen=True)
class Obedient:
    """Runs the command line with rules that wait and die as the test orders."""

    orders: Path

    def command(self, *arguments: object) -> list[str]:
        return [sys.executable, str(OBEDIENT), *map(str, arguments)]

    @property
    def environment(self) -> dict[str, str]:
        # Whether Ray asks for tokens depends on a file in the home folder, unless it is told.
        return {**os.environ, "ORDERS": str(self.orders), "RAY_AUTH_MODE": "disabled"}

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = self.command(*arguments)
        return subprocess.run(command, capture_output=True, text=True, env=self.environment)

    @contextmanager
    def running(self, *arguments: object) -> Iterator[subprocess.Popen[str]]:
        """A run that goes on meanwhile, and is killed in the end if it still does."""
        command = self.command(*arguments)
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=self.environment) as running:
            try:
                yield running
            finally:
                running.kill()

    def hold(self, *ids: str) -> None:
        """Let these reports wait until `release`."""
        for id in ids:
            (self.orders / f"hold-{id}").touch()

    def release(self) -> None:
        for order in self.orders.glob("hold-*"):
            order.unlink()

    def die_at(self, *ids: str) -> None:
        """Let these reports kill the process that reads them."""
        for id in ids:
            (self.orders / f"die-{id}").touch()

    def begun(self, node: str = "") -> list[str]:
        """The reports begun so far, each as often as it was."""
        path = self.orders / (f"begun-{node}" if node else "begun")
        return path.read_text().split() if path.exists() else []


@pytest.fixture
def obedient(tmp_path: Path) -> Obedient:
    orders = tmp_path / "orders"
    orders.mkdir()
    return Obedient(orders)


@pytest.fixture(scope="session")
def rows_of() -> Callable[[Path], dict[str, str]]:
    """What the manifest says now: the status of each report that this run has come to."""

    def rows(manifest: Path) -> dict[str, str]:
        query = "SELECT id, status FROM documents WHERE position IS NOT NULL"
        try:
            with closing(sqlite3.connect(f"{manifest.as_uri()}?mode=ro", uri=True)) as reader:
                return dict(reader.execute(query))
        except sqlite3.OperationalError:
            return {}  # not there yet

    return rows


@pytest.fixture(scope="session")
def wait_for() -> Callable[[Callable[[], bool]], None]:
    """Waits for a fact, for as long as a slow machine may need; what never comes is a failure."""

    def wait(ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 600
        while not ready():
            assert time.monotonic() < deadline, "it never came"
            time.sleep(0.02)

    return wait


CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, for one file of tests: Playwright's event loop would be in the way of others."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed; on Debian: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Visits:
    """Opens pages, and keeps what they asked for and what they complained of."""

    browser: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    contexts: list[Any] = field(default_factory=list)

    def open(self, url: str, *, width: int = 1280, height: int = 800, **more: Any) -> Any:
        """A page of its own, with nothing of the others."""
        context = self.browser.new_context(viewport={"width": width, "height": height}, **more)
        self.contexts.append(context)
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self._dismiss(dialog))
        page.goto(url)
        return page

    def _dismiss(self, dialog: Any) -> None:
        self.complaints.append(dialog.message)
        dialog.dismiss()


@pytest.fixture
def visits(browser: Any) -> Iterator[Visits]:
    """In the end no page may have complained."""
    visits = Visits(browser)
    yield visits
    for context in visits.contexts:
        context.close()
    assert visits.complaints == []


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real BERT, random and narrow, with a WordPiece vocabulary of the characters of the shipped gold."""
    import torch
    from transformers import BertConfig, BertModel

    from zhibiao.jsonl import read_gold

    folder = tmp_path_factory.mktemp("tiny-encoder")
    known = sorted({one for report in read_gold(DATA) for one in report.document.text if not one.isspace()})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused1]", *known]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=162,
    )
    with torch.random.fork_rng():
        torch.manual_seed(1)
        BertModel(config).save_pretrained(folder)
    return folder


@dataclass(frozen=True)
class Lessons:
    """A few short fictional reports to learn from, and configs that do so with the tiny encoder."""

    gold: Path
    encoder: Path
    districts: tuple[str, ...]

    def config(self, output: Path, **changes: Mapping[str, object]) -> dict[str, dict[str, object]]:
        """What a TOML file would say; `changes` go over the tables of the same name."""
        told: dict[str, dict[str, object]] = {
            "data": {"gold": [str(self.gold)]},
            "encoder": {"source": str(self.encoder)},
            "schedule": {"epochs": 2, "tokens": 1024, "learning_rate": 3e-3, "head_rate": 3e-3},
            "run": {"output": str(output), "precision": "fp32", "threads": 1},
        }
        return {name: held | dict(changes.get(name, {})) for name, held in told.items()}

    def write(self, path: Path, output: Path, **changes: Mapping[str, object]) -> Path:
        """The config as a TOML file."""
        tables = self.config(output, **changes)
        lines = [
            line
            for name, held in tables.items()
            for line in (f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in held.items()))
        ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path


@pytest.fixture(scope="session")
def lessons(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Lessons:
    """The four shortest reports of the shipped gold, texts inside."""
    from zhibiao.jsonl import read_gold, write_gold

    reports = sorted(read_gold(DATA), key=lambda report: len(report.document.text))[:4]
    path = tmp_path_factory.mktemp("lessons") / "gold.jsonl"
    write_gold(path, reports)
    return Lessons(path, tiny_encoder, tuple(str(report.document.metadata.district) for report in reports))


@pytest.fixture(scope="session")
def tiny_model(lessons: Lessons, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was really trained, long enough to find something."""
    from training.config import config_from_mapping
    from training.run import train

    output = tmp_path_factory.mktemp("tiny-model") / "model"
    config = lessons.config(output, schedule={"epochs": 30, "mask_noise": 0.0, "digit_noise": 0.0})
    return train(config_from_mapping(config, "tiny_model")).output
