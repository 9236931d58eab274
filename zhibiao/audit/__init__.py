"""Contradictions between extracted records, each with its sources and a reason in plain words."""

from zhibiao.audit.auditing import Audit
from zhibiao.audit.findings import Certainty, Check, Finding, Part, Severity, Side
from zhibiao.audit.page import render_page
from zhibiao.audit.payload import finding_to_json
from zhibiao.audit.tables import counts_table, findings_table
from zhibiao.audit.wording import hint, messages, reason
from zhibiao.audit.writing import Outputs, summary_to_json, write_audit

__all__ = [
    "Audit",
    "Certainty",
    "Check",
    "Finding",
    "Outputs",
    "Part",
    "Severity",
    "Side",
    "counts_table",
    "finding_to_json",
    "findings_table",
    "hint",
    "messages",
    "reason",
    "render_page",
    "summary_to_json",
    "write_audit",
]
