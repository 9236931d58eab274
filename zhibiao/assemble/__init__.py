"""Spans, links and context to Records: the only place where records are made."""
