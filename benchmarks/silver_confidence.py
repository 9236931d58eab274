"""Fits the confidence of silver sentences to gold, and says how far it can be believed.

    python -m benchmarks.silver_confidence --data seeds/gold.jsonl --data data/gold.jsonl \\
        --even-half ../shared/annotated/cities.jsonl [--write]

`--even-half` takes every second report by id, beginning with the first: the other half stays unseen. What is
printed comes from leaving one report out at a time. `--write` puts the weights, fitted to all of it, into
`annotation/silver/confidence.toml` with this command and these figures in its head.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotation.silver import fitting
from annotation.silver.fitting import Judged
from annotation.silver.sentences import Case
from inference.rules import RulePredictor
from training.evaluate import halves
from zhibiao.assemble import assemble
from zhibiao.jsonl import read_gold
from zhibiao.schema import GoldReport

TOML = Path(__file__).parents[1] / "annotation" / "silver" / "confidence.toml"
PRECISION = 0.95


def reports(options: argparse.Namespace) -> Iterator[GoldReport]:
    for path in options.data:
        yield from read_gold(path)
    for path in options.even_half:
        yield from halves(read_gold(path), "even")


def judged(gold: Sequence[GoldReport]) -> list[Judged]:
    predictions = RulePredictor().predict(report.document for report in gold)
    return [
        one
        for report, prediction in zip(gold, predictions, strict=True)
        for one in fitting.judge(report, assemble(prediction))
    ]


def figures(predicted: Sequence[tuple[Judged, float]]) -> Iterator[str]:
    """A table: per case how many sentences are right, the calibration error, and what is safe."""
    yield f"{'sentences':<10}{'all':>6}{'right':>8}{'ECE':>8}   share kept at precision {PRECISION}"
    for case in Case:
        part = [pair for pair in predicted if pair[0].case is case]
        right = sum(one.right for one, _ in part) / max(1, len(part))
        level, share = fitting.safe_share(part, PRECISION)
        error = fitting.calibration_error(part)
        yield f"{case:<10}{len(part):>6}{right:>8.3f}{error:>8.3f}   {share:.3f} (confidence >= {level:.3f})"


def levels(predicted: Sequence[tuple[Judged, float]]) -> Iterator[str]:
    """For sentences with records: what a threshold keeps and how right that is."""
    part = [pair for pair in predicted if pair[0].case is Case.RECORDS]
    yield "confidence of sentences with records: kept sentences, kept records, right"
    for level in (0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.0):
        kept = [one for one, p in part if p >= level]
        records = sum(one.n_records for one in kept) / sum(one.n_records for one, _ in part)
        right = sum(one.right for one in kept) / max(1, len(kept))
        yield f">= {level:<5}{len(kept) / len(part):>7.3f}{records:>7.3f}{right:>7.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit and check the confidence of silver sentences.")
    parser.add_argument("--data", action="append", default=[], type=Path, help="gold, whole")
    parser.add_argument(
        "--even-half", action="append", default=[], type=Path, help="gold, every second report"
    )
    parser.add_argument("--write", action="store_true", help=f"write {TOML.name}")
    options = parser.parse_args()
    sentences = judged(list(reports(options)))
    if not sentences:
        parser.error("no gold; name some with --data")
    predicted = fitting.leave_one_out(sentences)
    lines = [*figures(predicted), "", *levels(predicted)]
    print("\n".join(lines))
    if options.write:
        arguments = " ".join(word for word in sys.argv[1:])
        head = [
            "Weights of the confidence of silver sentences: log-odds = bias + sum of weight * feature.",
            "What each feature is stands in features.py. Made by",
            f"    python -m benchmarks.silver_confidence {arguments}",
            "which printed, leaving one report out at a time:",
            *(f"    {line}".rstrip() for line in lines),
        ]
        comment = "\n".join(f"# {line}".rstrip() for line in head)
        TOML.write_text(f"{comment}\n\n{fitting.to_toml(fitting.fit(sentences))}", encoding="utf-8")


if __name__ == "__main__":
    main()
