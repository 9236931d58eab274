"""Asks a person about disputes, one at a time, in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from annotation.adjudication import Choice, Decision, Dispute, decide
from annotation.editing import HELP, edit
from annotation.side_by_side import differences, window
from zhibiao.errors import DataError, SchemaError
from zhibiao.schema import Document, GoldRecord, Offsets

__all__ = ["ask_all", "question"]

Say = Callable[[str], None]
Hear = Callable[[str], str]
_Alike = tuple[str, tuple[str, ...]]

_SHORT = {"n": Choice.NEITHER, "e": Choice.EDIT}
_AROUND = 60
"""Characters of a long sentence that are shown on either side of what was marked."""


def ask_all(disputes: Sequence[Dispute], *, by: str, say: Say, hear: Hear) -> Iterator[Decision]:
    """A decision at a time, until all are decided or skipped, or the person leaves."""
    standing: dict[_Alike, Choice] = {}
    for number, dispute in enumerate(disputes, start=1):
        say("")
        for line in question(dispute, f"{number} of {len(disputes)} open"):
            say(line)
        choice = standing.get(_alike(dispute))
        if choice is not None:
            say(f"{choice}, as before")
            yield decide(dispute, choice, by=by)
            continue
        try:
            decision = _ask(dispute, by, standing, say=say, hear=hear)
        except EOFError:
            return
        if decision is not None:
            yield decision


def _alike(dispute: Dispute) -> _Alike:
    """Disputes of a report whose records differ in the same marks: one YEAR may date a whole paragraph."""
    return dispute.both.document.id, tuple(differences(dispute.both.document, dispute.reading))


def question(dispute: Dispute, count: str) -> list[str]:
    """What is shown: the sentence as A and as B marked it, and what differs."""
    document, reading = dispute.both.document, dispute.reading
    inside = window(document, reading)
    return [
        f"{document.id} {dispute.number}/{dispute.n_all} ({count})  [{inside[0]}:{inside[1]}]",
        f"  a  {_marked(document, reading.a, inside)}",
        f"  b  {_marked(document, reading.b, inside)}",
        *(f"     {line}" for line in differences(document, reading)),
    ]


def _ask(
    dispute: Dispute, by: str, standing: dict[_Alike, Choice], *, say: Say, hear: Hear
) -> Decision | None:
    """None where it is skipped; leaving is an EOFError, as Ctrl-D is. `a*` stands for all alike."""
    words = "/".join(choice.value for choice in dispute.choices())
    while True:
        answer = hear(f"{words}/skip/quit? ").strip().lower()
        if answer in ("a*", "b*"):
            answer = answer[0]
            standing[_alike(dispute)] = Choice(answer)
        if answer in ("s", "skip"):
            return None
        if answer in ("q", "quit"):
            raise EOFError
        choice = _SHORT.get(answer, answer)
        if choice not in dispute.choices():
            say(f"{answer!r} is none of them")
        elif choice == Choice.EDIT:
            return decide(dispute, Choice.EDIT, by=by, edited=[_edit(dispute, say=say, hear=hear)])
        else:
            return decide(dispute, Choice(choice), by=by)


def _edit(dispute: Dispute, *, say: Say, hear: Hear) -> GoldRecord:
    """Starts from A's record, from B's where A has none, and takes changes until an empty line."""
    reading, document = dispute.reading, dispute.both.document
    record = reading.a or reading.b
    assert record is not None, "a reading has a record on one side at least"
    if reading.a is not None and reading.b is not None and hear("start from a or b? ").strip() == "b":
        record = reading.b
    inside = window(document, reading)
    say(HELP)
    while change := hear(f"  {_marked(document, record, inside)}\n  change, or enter to take it: ").strip():
        try:
            record = edit(record, change, document, inside)
        except (DataError, SchemaError) as error:
            say(str(error))
    return record


def _marked(document: Document, record: GoldRecord | None, inside: Offsets) -> str:
    """The sentence with `{I:...}` around what is marked, shortened far from it."""
    start, end = inside
    if record is None:
        return "(no record)"
    marks = sorted((offsets, slot) for slot, offsets in record.spans.items() if start <= offsets[0] < end)
    first = max(start, min(offsets[0] for offsets, _ in marks) - _AROUND)
    last = min(end, max(offsets[1] for offsets, _ in marks) + _AROUND)
    shown, at = "…" * (first > start), first
    for (left, right), slot in marks:
        shown += document.text[at:left] + f"{{{slot[0].upper()}:{document.text[left:right]}}}"
        at = right
    return " ".join((shown + document.text[at:last] + "…" * (last < end)).split())
