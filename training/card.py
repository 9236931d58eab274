"""The model card: what a model is, in plain words, beside its weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.publishing import read_told
from zhibiao.files import whole_file

__all__ = ["write_card"]

_CARD = """# A zhibiao model

It reads Chinese government reports and marks {labels}, one tag per character, and links each quantity to what
belongs to it. Made by `zhibiao train`; used by `zhibiao extract --model {folder}`.

| what | |
| --- | --- |
| encoder | {encoder} |
| learned from | {train} annotated reports with {records} records{silver} |
| best epoch chosen on | {dev} |
| best strict record F1 there | {best} |
| program | zhibiao {version}, commit {commit} |

## Mind

- It is made for reports like those it learned from: 政府工作报告 and 街道工作总结, in simplified Chinese.
- The figure above chose the epoch, so it flatters. What the model is worth on a district that it has never
  seen, `zhibiao evaluate --hold-out district=NAME` tells.
- Confidences are set by one temperature on the dev reports. They order records well; they promise nothing on
  texts of another kind.
- Everything that decides these weights stands in `training.json`: config, checksums of the data, versions.

## Epochs

{epochs}
"""


_PLAIN = """# A tagger of plain spans

It marks {labels} in sentences, one tag per character. Made by `zhibiao train` from {format} files. Its labels
are not those of records, so `zhibiao extract` refuses it; `zhibiao.tagger.plain.tag` runs it.

| what | |
| --- | --- |
| encoder | {encoder} |
| learned from | {train:,} sentences |
| best epoch chosen on | {dev:,} sentences that were not learned |
| best strict micro F1 of spans there | {best} |
| program | zhibiao {version}, commit {commit} |

The figure above chose the epoch, so it flatters. `training.json` holds all that decides these weights.

## Epochs

{epochs}
"""


def write_card(folder: Path) -> None:
    """Writes `README.md` from `training.json`."""
    told: Mapping[str, Any] = read_told(folder)
    text = _of_plain(told) if told.get("sentences") else _of_records(told, folder)
    with whole_file(folder / "README.md") as partial:
        partial.write_text(text, encoding="utf-8")


def _of_plain(told: Mapping[str, Any]) -> str:
    return _PLAIN.format(
        format=told["config"]["data"]["format"],
        train=told["sentences"]["train"],
        dev=told["sentences"]["dev"],
        **_common(told),
    )


def _of_records(told: Mapping[str, Any], folder: Path) -> str:
    counts = told["reports"]
    return _CARD.format(
        folder=folder.name,
        train=counts["train"],
        records=f"{told['records']['train']:,}",
        silver=f", and {told['silver_characters']:,} characters labelled by rules"
        if counts["silver"]
        else "",
        dev=f"{counts['dev']} reports that were not learned"
        if counts["dev"]
        else "nothing: the last one was taken",
        **_common(told),
    )


def _common(told: Mapping[str, Any]) -> dict[str, str]:
    """What every card says."""
    return {
        "labels": ", ".join(told["labels"]),
        "encoder": told["encoder"],
        "best": "–" if told["best"] is None else f"{told['best']:.3f}",
        "version": told["versions"]["zhibiao"],
        "commit": told["commit"] or "unknown",
        "epochs": _epochs(told["history"]),
    }


def _epochs(history: list[Mapping[str, Any]]) -> str:
    rows = ["| phase | epoch | loss | strict F1 | relaxed F1 |", "| --- | ---: | ---: | ---: | ---: |"]
    for line in history:
        scores = [f"{line[name]:.3f}" if name in line else "–" for name in ("score", "relaxed")]
        rows.append(f"| {line['phase']} | {line['epoch']} | {line['loss']:.4f} | {' | '.join(scores)} |")
    return "\n".join(rows)
