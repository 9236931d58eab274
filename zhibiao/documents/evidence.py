"""What the search for metadata looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zhibiao.documents.headings import Heading
from zhibiao.schema import Finding, Offsets

_BODY = 60
_FRONT = 200

Found = Iterator[tuple[str, Finding]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The text with its structure; `findings` grows, and the first finding of a field stays."""

    text: str
    paragraphs: Sequence[Offsets]
    headings: Mapping[int, Heading]
    findings: dict[str, Finding]

    @property
    def front(self) -> int:
        """Where the report's own text begins: above it stand title, notice lines, date and speaker.

        A little more is taken in, because the speaker may name himself in his first sentence.
        """
        starts = (start for start, end in self.paragraphs if end - start >= _BODY)
        return next(starts, len(self.text)) + _FRONT

    def words(self, field: str) -> str | None:
        """What has been found for a field, as text."""
        finding = self.findings.get(field)
        return None if finding is None else str(finding.value)

    def year(self, field: str) -> int | None:
        """What has been found for a year field."""
        finding = self.findings.get(field)
        return finding.value if finding and isinstance(finding.value, int) else None
