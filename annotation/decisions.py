"""The file of decisions: one a line, appended at once, so that a session can stop at any moment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from annotation.adjudication import Choice, Decision
from annotation.passes import Passes
from zhibiao.errors import DataError
from zhibiao.files import unwritable
from zhibiao.jsonl import dumps, gold_record_from_json, gold_record_to_json, read_lines
from zhibiao.schema import Document, GoldRecord

__all__ = ["Decisions", "append_decision", "decision_to_json", "read_decisions"]

_KEYS = frozenset({"report", "a", "b", "choice", "records", "by", "at"})


@dataclass(frozen=True, slots=True)
class Decisions:
    """Those on reports that are at hand, and where in the file (`file:line: id`) those on others stand."""

    known: tuple[Decision, ...]
    foreign: tuple[str, ...]


def append_decision(path: Path, decision: Decision) -> None:
    """Writes one line and makes sure that it is on the disk."""
    try:
        with path.open("ab") as file:
            file.write(dumps(decision_to_json(decision)).encode("utf-8") + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise unwritable(path, error) from error


def decision_to_json(decision: Decision) -> dict[str, object]:
    """The object of a line."""
    sides = {
        name: side and gold_record_to_json(side) for name, side in (("a", decision.a), ("b", decision.b))
    }
    records = [gold_record_to_json(record) for record in decision.records]
    signed = {"by": decision.by, "at": decision.at}
    return {"report": decision.report, **sides, "choice": decision.choice.value, "records": records, **signed}


def read_decisions(path: Path, passes: Passes) -> Decisions:
    """Every decision of a file; of several on one dispute the last holds."""
    documents = {both.document.id: both.document for both in passes.reports}
    known, foreign = [], []
    for where, line in read_lines(path):
        if odd := sorted(set(line) ^ _KEYS):
            raise DataError(f"{where}: not a decision: {', '.join(odd)} missing or unknown; remove the line")
        report = str(line["report"])
        if report in documents:
            known.append(_decision(line, documents[report], where))
        else:
            foreign.append(f"{where}: {report}")
    return Decisions(tuple(known), tuple(foreign))


def _decision(line: Mapping[str, object], document: Document, where: str) -> Decision:
    choice, records = str(line["choice"]), line["records"]
    if choice not in list(Choice) or not isinstance(records, list):
        raise DataError(
            f"{where}: the choice is {choice!r} and records a {type(records).__name__}; "
            f"a choice is one of {', '.join(Choice)}, records a list"
        )
    return Decision(
        report=document.id,
        a=_side(line["a"], document, f"{where}: a"),
        b=_side(line["b"], document, f"{where}: b"),
        choice=Choice(choice),
        records=tuple(gold_record_from_json(one, document, f"{where}: records") for one in records),
        by=str(line["by"]),
        at=str(line["at"]),
    )


def _side(record: object, document: Document, where: str) -> GoldRecord | None:
    return None if record is None else gold_record_from_json(record, document, where)
