"""Fits the confidence of silver sentences to gold, and says how far it can be believed.

    python -m benchmarks.silver_confidence --data seeds/gold.jsonl --data data/gold.jsonl \\
        --even-half ../shared/annotated/cities.jsonl [--check-odd-half GOLD] [--write]

`--even-half` takes every second report by id, beginning with the first: the other half stays unseen. What is
printed comes from leaving one report out at a time. `--check-odd-half` adds what weights fitted to all that
come to on the other half, in sums alone. `--write` puts the weights into `annotation/silver/confidence.toml`
with this command and the figures of the fit in its head.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotation.silver import Calibration, fitting
from annotation.silver.fitting import Judged
from annotation.silver.sentences import Case
from training.evaluate import halves
from zhibiao.assemble import assemble
from zhibiao.jsonl import read_gold
from zhibiao.rules import RulePredictor
from zhibiao.schema import GoldReport

TOML = Path(__file__).parents[1] / "annotation" / "silver" / "confidence.toml"
PRECISION = 0.95


def reports(options: argparse.Namespace) -> Iterator[GoldReport]:
    for path in options.data:
        yield from read_gold(path)
    for path in options.even_half:
        yield from halves(read_gold(path), "even")


def unseen(paths: Sequence[Path], calibration: Calibration) -> list[tuple[Judged, float]]:
    """The sentences of the other half with the confidence that they get."""
    gold = [report for path in paths for report in halves(read_gold(path), "odd")]
    return [(one, calibration.logistics[one.case].probability(one.features)) for one in judged(gold)]


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
    parser.add_argument("--check-odd-half", action="append", default=[], type=Path, help="gold, the others")
    parser.add_argument("--write", action="store_true", help=f"write {TOML.name}")
    options = parser.parse_args()
    sentences = judged(list(reports(options)))
    if not sentences:
        parser.error("no gold; name some with --data")
    predicted = fitting.leave_one_out(sentences)
    calibration = fitting.fit(sentences)
    lines = [*figures(predicted), "", *levels(predicted)]
    print("\n".join(lines))
    if options.check_odd_half:
        others = unseen(options.check_odd_half, calibration)
        print("\n".join(["", "on the other half:", *figures(others), "", *levels(others)]))
    if options.write:
        TOML.write_text(f"{head(lines)}\n\n{fitting.to_toml(calibration)}", encoding="utf-8")


def head(lines: Sequence[str]) -> str:
    """The comment above the weights: the command and the figures."""
    said = [
        "Weights of the confidence of silver sentences: log-odds = bias + sum of weight * feature.",
        "What each feature is stands in features.py. Made by",
        f"    python -m benchmarks.silver_confidence {' '.join(sys.argv[1:])}",
        "which printed, leaving one report out at a time:",
        *(f"    {line}".rstrip() for line in lines),
    ]
    return "\n".join(f"# {line}".rstrip() for line in said)


if __name__ == "__main__":
    main()
