"""Gold, records and documents as JSON lines; errors cite `file:line`."""

from zhibiao.jsonl.documents import read_documents, write_documents
from zhibiao.jsonl.gold import (
    gold_files,
    gold_record_from_json,
    gold_record_to_json,
    gold_report_from_json,
    gold_text,
    gold_to_json,
    read_gold,
    write_gold,
)
from zhibiao.jsonl.json_schema import record_schema
from zhibiao.jsonl.lines import dumps, parse_line, read_lines, write_lines
from zhibiao.jsonl.records import read_records, record_from_json, record_to_json, write_records

__all__ = [
    "dumps",
    "gold_files",
    "gold_record_from_json",
    "gold_record_to_json",
    "gold_report_from_json",
    "gold_text",
    "gold_to_json",
    "parse_line",
    "read_documents",
    "read_gold",
    "read_lines",
    "read_records",
    "record_from_json",
    "record_schema",
    "record_to_json",
    "write_documents",
    "write_gold",
    "write_lines",
    "write_records",
]
