"""The rules' version, raised where they give other records than before: `python docs/rules_version.py`.

Manifests, `--resume` and silver know the rules by their name alone, so other rules must have another one.
What they give is told by a checksum over their records of the fictional reports: behaviour, not source.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import zhibiao
from zhibiao.jsonl.lines import dumps
from zhibiao.jsonl.records import record_to_json

ROOT = Path(__file__).parents[1]
TEXTS = ROOT / "data" / "texts"
VERSION = ROOT / "zhibiao" / "rules" / "version.py"
CHECKSUM = ROOT / "tests" / "zhibiao" / "rules" / "records.sha256"
ASSIGNMENT = re.compile(r'(?<=^RULES = ")\d+(?="$)', re.MULTILINE)


def checksum() -> str:
    """The sha256 of all records that the rules give now, with assembly and all."""
    digest = hashlib.sha256()
    documents = (zhibiao.read(path) for path in sorted(TEXTS.glob("*.txt")))
    for record in zhibiao.extract(documents, zhibiao.load_predictor("rules")):
        digest.update(dumps(record_to_json(record)).encode() + b"\n")
    return digest.hexdigest()


def stated() -> tuple[str, str]:
    """The checksum that is written down, and the version that it belongs to."""
    found, version = CHECKSUM.read_text("utf-8").split()
    return found, version


def raise_version(found: str) -> str:
    """Writes the next version, and the checksum `found` beside it."""
    source = VERSION.read_text("utf-8")
    (number,) = ASSIGNMENT.findall(source)
    version = str(int(number) + 1)
    VERSION.write_text(ASSIGNMENT.sub(version, source), encoding="utf-8")
    CHECKSUM.write_text(f"{found} {version}\n", encoding="utf-8")
    return version


def main(arguments: Sequence[str] | None = None) -> None:
    """Raises the version if it must be."""
    argparse.ArgumentParser(description=__doc__).parse_args(arguments)
    found = checksum()
    if found == stated()[0]:
        print(f"rules/{stated()[1]}: the records are the same, nothing to do")
    else:
        print(f"rules/{raise_version(found)}: other records than before")


if __name__ == "__main__":
    main()
