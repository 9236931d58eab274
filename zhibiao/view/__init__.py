"""The highlight page: records beside the text that they come from, as one self-contained HTML file."""

from zhibiao.view.lang import Lang
from zhibiao.view.page import render, write_page
from zhibiao.view.report import ReportView, TextState

__all__ = ["Lang", "ReportView", "TextState", "render", "write_page"]
