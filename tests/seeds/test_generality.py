"""No long table entry may be there for the seeds alone."""

import ast
import gzip
import json
import re
import tomllib
from pathlib import Path

import pytest

from zhibiao.tables.catalogue import indicators

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SOURCES = ("zhibiao", "inference", "annotation", "training")
SHORT = 6
LONG_RUN = re.compile(r"[\u4e00-\u9fff]{7,}")


def strings(value):
    """All keys and strings of a TOML table."""
    match value:
        case str():
            yield value
        case dict():
            yield from value
            for inner in value.values():
                yield from strings(inner)
        case list():
            for inner in value:
                yield from strings(inner)


def code_strings(path):
    """The strings of a module but for its docstrings: what rules written in code could lean on."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def long_entries():
    """Entries of tables and code with more than six characters, and the runs of Chinese in their patterns."""
    for path in (path for folder in SOURCES for path in sorted((ROOT / folder).rglob("*.*"))):
        if path.suffix == ".toml":
            found = list(strings(tomllib.loads(path.read_text(encoding="utf-8"))))
        elif path.suffix == ".py":
            found = list(code_strings(path))
        else:
            continue
        yield from (entry for entry in found if len(entry) > SHORT)
        yield from (run for entry in found for run in LONG_RUN.findall(entry))
    for indicator in indicators():
        yield from (name for name in indicator.aliases if len(name) > SHORT)


def other_reports():
    for path in sorted((SHARED / "annotated").glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            yield from (json.loads(line)["text"] for line in file)
    for path in sorted((SHARED / "corpus").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from (json.loads(line)["text"] for line in file)


def only_in(seed_texts, entries, others):
    """The entries that occur in the seeds and in none of the other reports."""
    left = {entry for entry in entries if any(entry in text for text in seed_texts)}
    for text in others:
        left -= {entry for entry in left if entry in text}
    return left


@pytest.mark.slow
def test_no_long_entry_occurs_in_the_seeds_alone(seed_reports):
    if not (SHARED / "corpus").is_dir() and not (SHARED / "annotated").is_dir():
        pytest.skip("no other reports in ../shared/corpus or ../shared/annotated to compare with")
    seed_texts = [report.document.text for report in seed_reports]
    assert only_in(seed_texts, set(long_entries()), other_reports()) == set()


def test_entries_are_found_and_a_phrase_of_the_seeds_alone_would_be_caught(seed_reports):
    entries = set(long_entries())
    assert len(entries) > 100
    text = seed_reports[0].document.text
    phrase = next(match[0] for match in LONG_RUN.finditer(text))
    assert only_in([text], entries | {phrase}, [text[:0]]) >= {phrase}
    assert phrase not in only_in([text], {phrase}, ["前" + phrase])
