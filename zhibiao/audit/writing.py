"""An audit written down: its findings as JSON lines, its counts, and its page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zhibiao.audit.auditing import Audit
from zhibiao.audit.findings import Certainty, Check, Finding
from zhibiao.audit.page import render_page
from zhibiao.audit.payload import finding_to_json
from zhibiao.errors import WriteError
from zhibiao.files import unwritable, whole_file
from zhibiao.jsonl import write_lines
from zhibiao.version import __version__
from zhibiao.view.lang import Lang
from zhibiao.view.payload import Json

__all__ = ["Outputs", "summary_to_json", "write_audit"]


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files of an audit, all in one folder."""

    folder: Path

    @property
    def findings(self) -> Path:
        """One finding a line."""
        return self.folder / "findings.jsonl"

    @property
    def summary(self) -> Path:
        """What was compared and found, in numbers."""
        return self.folder / "summary.json"

    @property
    def page(self) -> Path:
        """To look at."""
        return self.folder / "page.html"


def write_audit(audit: Audit, outputs: Outputs, *, lang: Lang = Lang.ZH) -> list[Finding]:
    """Goes through the audit and writes its files; gives the findings."""
    _make(outputs.folder)
    findings = list(audit)
    numbered = (finding_to_json(finding, number) for number, finding in enumerate(findings, 1))
    write_lines(outputs.findings, numbered)
    summary = summary_to_json(audit, findings)
    _write(outputs.summary, json.dumps(summary, ensure_ascii=False, indent=2) + "\n")
    _write(outputs.page, render_page(findings, summary, lang=lang))
    return findings


def summary_to_json(audit: Audit, findings: Sequence[Finding]) -> dict[str, Json]:
    """Counts, for programs and for the head of the page."""
    checks: dict[str, Json] = {
        check.value: {
            "compared": audit.compared[check],
            **{each.value: audit.found[check, each] for each in Certainty},
        }
        for check in Check
    }
    return {
        "version": __version__,
        "places": audit.places,
        "reports": len(audit.reports),
        "records": audit.files.n_records,
        "repeated": audit.files.n_repeated,
        "findings": len(findings),
        "checks": checks,
    }


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise WriteError(f"{folder}: is a file; name a folder for the audit") from error
    except OSError as error:
        raise unwritable(folder, error) from error


def _write(path: Path, text: str) -> None:
    with whole_file(path) as partial:
        # The policy holds the hash of the script: its line ends must stay.
        partial.write_text(text, encoding="utf-8", newline="")
