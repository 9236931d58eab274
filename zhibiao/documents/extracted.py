"""What a format's reader hands over before the text's own structure is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhibiao.schema import Finding


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file, metadata that stands outside that text, and notes on what was left out.

    `known` beats what the text says; `fallback` counts only where the text says nothing.
    """

    text: str
    encoding: str | None = None
    known: Mapping[str, Finding] = field(default_factory=dict)
    fallback: Mapping[str, Finding] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
