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


def write_card(folder: Path) -> None:
    """Writes `README.md` from `training.json`."""
    told: Mapping[str, Any] = read_told(folder)
    counts = told["reports"]
    text = _CARD.format(
        labels=", ".join(told["labels"]),
        folder=folder.name,
        encoder=told["encoder"],
        train=counts["train"],
        records=f"{told['records']['train']:,}",
        silver=f", and {told['silver_characters']:,} characters labelled by rules"
        if counts["silver"]
        else "",
        dev=f"{counts['dev']} reports that were not learned"
        if counts["dev"]
        else "nothing: the last one was taken",
        best="–" if told["best"] is None else f"{told['best']:.3f}",
        version=told["versions"]["zhibiao"],
        commit=told["commit"] or "unknown",
        epochs=_epochs(told["history"]),
    )
    with whole_file(folder / "README.md") as partial:
        partial.write_text(text, encoding="utf-8")


def _epochs(history: list[Mapping[str, Any]]) -> str:
    rows = ["| phase | epoch | loss | strict F1 | relaxed F1 |", "| --- | ---: | ---: | ---: | ---: |"]
    for line in history:
        scores = [f"{line[name]:.3f}" if name in line else "–" for name in ("score", "relaxed")]
        rows.append(f"| {line['phase']} | {line['epoch']} | {line['loss']:.4f} | {' | '.join(scores)} |")
    return "\n".join(rows)
