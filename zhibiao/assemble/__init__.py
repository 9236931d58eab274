"""Spans, links and context to Records: the only place where records are made."""

from zhibiao.assemble.linking import link_sentence, link_spans
from zhibiao.assemble.records import assemble
from zhibiao.assemble.years import YearFinder

__all__ = ["YearFinder", "assemble", "link_sentence", "link_spans"]
