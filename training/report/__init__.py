"""The evaluation report: one page, Markdown and JSON of the same figures."""

from training.report.build import contents_of
from training.report.contents import Contents
from training.report.figures import figures_of
from training.report.findings import Findings, Note, Run
from training.report.markdown import to_markdown
from training.report.page import to_html
from training.report.words import Words

__all__ = [
    "Contents",
    "Findings",
    "Note",
    "Run",
    "Words",
    "contents_of",
    "figures_of",
    "to_html",
    "to_markdown",
]
