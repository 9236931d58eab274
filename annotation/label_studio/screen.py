"""The labelling screen: Label Studio's XML, generated from the schema and the words in `screen.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from zhibiao.errors import ConfigError
from zhibiao.schema import Kind, Label

__all__ = ["FIELDS", "YEAR_UNKNOWN", "label_config", "label_name"]

FIELDS = ("year", "year_unknown", "kind", "qualifier", "growth_rate")
"""The fields of a quantity, by the names of their controls."""

YEAR_UNKNOWN = "unknown"

_STICKY = (
    "position:sticky;top:0;z-index:200;padding:2px 8px 6px;margin-bottom:8px;"
    "background:var(--color-neutral-background,#fff);border-bottom:1px solid var(--color-neutral-border,#ccc)"
)
_ROOM_FOR_ARROWS = ".lsf-htx-richtext { line-height: 2.3 }"
_SMALL = "font-size:13px;line-height:1.5;font-weight:normal;margin:2px 0"


@cache
def _words() -> Mapping[str, Any]:
    words = tomllib.loads((files(__package__) / "screen.toml").read_text(encoding="utf-8"))
    for table, wanted in (("labels", Label), ("kinds", Kind)):
        if set(words[table]) != set(wanted):
            raise ConfigError(f"screen.toml: [{table}.*] must be exactly {', '.join(wanted)}")
    return words


def label_name(label: Label) -> str:
    """What a label is called on the screen."""
    return str(_words()["labels"][label]["name"])


def label_config() -> str:
    """The screen as Label Studio's labelling configuration."""
    view = Element("View")
    SubElement(view, "Header", value="$title", size="4")
    SubElement(view, "Header", value="$about", style=_SMALL)
    tools = SubElement(view, "View", style=_STICKY)
    _labels(tools)
    _fields(tools)
    SubElement(view, "Style").text = _ROOM_FOR_ARROWS
    SubElement(view, "Text", name="text", value="$text", granularity="symbol", saveTextResult="yes")
    indent(view)
    return tostring(view, encoding="unicode")


def _labels(tools: Element) -> None:
    """Relations need no control of their own: what one means follows from the labels at its ends."""
    labels = SubElement(tools, "Labels", name="label", toName="text", choice="single")
    for label in Label:
        words = _words()["labels"][label]
        SubElement(
            labels,
            "Label",
            value=words["name"],
            alias=label.value,
            background=words["colour"],
            hotkey=words["hotkey"],
            hint=words["hint"],
        )
    SubElement(tools, "Header", value="".join(_words()["hints"].values()), style=_SMALL)


def _fields(tools: Element) -> None:
    """What a quantity says beyond its text; shown only while one is selected, beside one another."""
    panel = SubElement(
        tools,
        "View",
        visibleWhen="region-selected",
        whenTagName="label",
        whenLabelValue=f"{Label.VALUE},{Label.GROWTH}",
        style="display:flex;gap:24px;align-items:flex-start",
    )
    common = {"toName": "text", "perRegion": "true"}
    year = _titled(panel, "year", width=130)
    SubElement(year, "Number", common, name="year", min="1900", max="2200", step="1")
    unknown = SubElement(year, "Choices", common, name="year_unknown", choice="multiple", layout="inline")
    SubElement(unknown, "Choice", value=_words()["fields"]["year_unknown"], alias=YEAR_UNKNOWN, hotkey="8")
    kind = SubElement(
        _titled(panel, "kind", width=170),
        "Choices",
        common,
        name="kind",
        choice="single-radio",
        layout="inline",
    )
    for value in Kind:
        words = _words()["kinds"][value]
        SubElement(kind, "Choice", value=words["name"], alias=value.value, hotkey=words["hotkey"])
    for name in ("qualifier", "growth_rate"):
        box = {"maxSubmissions": "1", "editable": "true", "rows": "1"}
        box["placeholder"] = _words()["placeholders"][name]
        SubElement(_titled(panel, name, width=200), "TextArea", common | box, name=name)


def _titled(panel: Element, field: str, *, width: int) -> Element:
    box = SubElement(panel, "View", style=f"width:{width}px")
    SubElement(box, "Header", value=_words()["fields"][field], style=_SMALL)
    return box
