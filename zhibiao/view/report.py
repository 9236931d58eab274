"""What the page is made of: a report, its text when it is at hand, and its records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zhibiao.errors import SchemaError
from zhibiao.schema import Record


class TextState(StrEnum):
    """How sure it is that the text shown is the one that the records' offsets point into.

    `given`: handed over by the program itself. `verified`: read again, and its sha256 is the one on file.
    `unverified`: read again, with no sha256 to compare. The others mean that there is no text to show.
    """

    GIVEN = "given"
    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"


_WITHOUT_TEXT = frozenset({TextState.MISSING, TextState.CHANGED, TextState.UNREADABLE})


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report on the page. Without `text` the page shows the records' evidence and says why.

    `detail` is shown beside the state as it is: a file's name, a checksum, the reader's message.
    """

    id: str
    title: str | None
    text: str | None
    records: tuple[Record, ...]
    state: TextState = TextState.GIVEN
    detail: str | None = None

    def __post_init__(self) -> None:
        if (self.text is None) != (self.state in _WITHOUT_TEXT):
            found = "no text" if self.text is None else "a text"
            raise SchemaError(f"the view of report {self.id} has {found} but says {self.state.value!r}")
        foreign = next((r.report_id for r in self.records if r.report_id != self.id), None)
        if foreign is not None:
            raise SchemaError(f"the view of report {self.id} holds a record of report {foreign}")
