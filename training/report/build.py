"""An evaluation as a report: three sentences, the figures, every error, and how it was made."""

from __future__ import annotations

from collections.abc import Iterator

from training.report.cards import cards_of
from training.report.cells import ratio
from training.report.contents import Block, Contents, Section, Table
from training.report.findings import CONFIDENT, Findings
from training.report.sections import figure_sections
from training.report.words import Words
from zhibiao.view.lang import Lang

__all__ = ["contents_of"]

FEW_RECORDS = 20
"""Slices of fewer gold records are not called the worst: they may be so by chance."""

SUSPECTS = 30
"""How many likely gold errors are listed."""


def contents_of(found: Findings, lang: Lang) -> Contents:
    """All that the page and the Markdown say, in one language."""
    words = Words(lang)
    return Contents(
        lang=lang,
        title=words("title", predictor=found.evaluation.predictor),
        summary=tuple(_summary(found, words)),
        notes=tuple(_notes(found, words)),
        sections=(*figure_sections(found, words), _suspects(found, words)),
        cards=tuple(cards_of(found.errors, words)),
        run=_run(found, words),
    )


def _summary(found: Findings, words: Words) -> Iterator[str]:
    """How good it is; how it differs from place to place; where it fails."""
    strict, interval = found.whole.records.strict, found.over_reports("strict")
    yield words(
        "summary_score",
        predictor=found.evaluation.predictor,
        reports=len(found.evaluation.reports),
        gold=strict.gold,
        f1=ratio(strict.f1),
        low=ratio(interval.low),
        high=ratio(interval.high),
        right=f"{100 * strict.precision:.0f}",
        found=f"{100 * strict.recall:.0f}",
    )
    yield _spread(found, words)
    yield _failures(found, words)


def _spread(found: Findings, words: Words) -> str:
    parts = sorted(found.groups, key=lambda part: part.records.strict.f1)
    group = words.name("group", found.group_by)
    if len(parts) == 1:
        return words("summary_one_group", group=group, name=parts[0].name)
    worst, best = parts[0], parts[-1]
    return words(
        "summary_spread",
        groups=len(parts),
        group=group,
        worst=worst.name,
        low=ratio(worst.records.strict.f1),
        best=best.name,
        high=ratio(best.records.strict.f1),
    )


def _failures(found: Findings, words: Words) -> str:
    if not found.errors:
        return words("summary_no_errors")
    causes = sorted(found.causes, key=lambda count: -count.records)
    share = 100 * causes[0].records / len(found.errors)
    common = words("summary_cause", cause=words.name("cause", causes[0].cause), share=f"{share:.0f}")
    enough = [one for one in found.slices if one.strict.gold >= FEW_RECORDS]
    if not enough:
        return common + words("summary_end")
    worst = min(enough, key=lambda one: one.strict.f1)
    return common + words("summary_slice", slice=words.name("slice", worst.name), f1=ratio(worst.strict.f1))


def _notes(found: Findings, words: Words) -> Iterator[str]:
    """What a careful reader must know before believing the figures."""
    for note in found.run.seen:
        yield words(note.key, **note.values)
    if len(found.groups) < 5:
        yield words("note_few", groups=len(found.groups), group=words.name("group", found.group_by))
    if found.unread:
        yield words("note_unread", unread=found.unread)


def _suspects(found: Findings, words: Words) -> Section:
    blocks: list[Block] = []
    if found.calibration is None:
        blocks.append(words("no_suspects_without_confidence"))
    elif not found.suspects:
        blocks.append(words("no_suspects", confidence=CONFIDENT))
    else:
        blocks.append(words("suspects_note", confidence=CONFIDENT, count=len(found.suspects), shown=SUSPECTS))
        numbers = {id(error): number for number, error in enumerate(found.errors, start=1)}
        rows = [
            (
                f"#{numbers[id(error)]}",
                error.document.id,
                words.name("cause", error.cause),
                error.gold.indicator if error.gold else "–",
                error.predicted.indicator if error.predicted else "–",
                f"{error.confidence or 0:.3f}",
            )
            for error in found.suspects[:SUSPECTS]
        ]
        columns = ("number", "report", "cause", "gold_indicator", "predicted_indicator", "confidence")
        blocks.append(Table(tuple(words(f"column_{c}") for c in columns), tuple(rows), words=5))
    return Section("suspects", words("section_suspects"), tuple(blocks))


def _run(found: Findings, words: Words) -> Section:
    run = found.run
    settings = {**{name: str(value) for name, value in run.config.items()}, **run.versions}
    blocks: list[Block] = [
        words("run_note"),
        Table((words("column_command"),), ((run.command,),)),
        Table((words("column_what"), words("column_which")), tuple(settings.items()), words=2),
        Table((words("column_file"), "sha256"), tuple(run.data.items()), words=2),
    ]
    return Section("run", words("section_run"), tuple(blocks))
