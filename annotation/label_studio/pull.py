"""Annotations back to gold: from a server's tasks or from an exported file, through the same eyes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from annotation.label_studio.marking import Marking, Region
from annotation.label_studio.problems import Problem, Trouble
from annotation.label_studio.rebuild import rebuild
from annotation.label_studio.results import Place, read_results
from annotation.label_studio.tasks import Key, identity
from zhibiao.documents import build
from zhibiao.errors import DataError
from zhibiao.schema import Document, Finding, GoldReport, Metadata

__all__ = ["Pulled", "annotators", "pull", "read_export"]

_METADATA = frozenset(field.name for field in fields(Metadata)) - {"findings"}


@dataclass(frozen=True, slots=True)
class Pulled:
    """The gold, all that was noticed, and the reports that are no gold yet."""

    reports: tuple[GoldReport, ...]
    problems: tuple[Problem, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """One submitted annotation."""

    annotator: str
    changed: str
    results: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Task:
    """A portion of a report with the answers to it."""

    id: int
    key: Key
    data: Mapping[str, Any]
    answers: tuple[_Answer, ...]
    skipped_by: tuple[str, ...]
    drafted: tuple[tuple[str, str], ...]


def read_export(path: Path) -> list[dict[str, Any]]:
    """The tasks of a file that Label Studio exported as JSON."""
    try:
        tasks = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except ValueError as error:
        raise DataError(
            f"{path}: not JSON ({error}); export the project from Label Studio as JSON"
        ) from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) and "data" in task for task in tasks):
        raise DataError(f"{path}: not a list of tasks with data; export as JSON, not as JSON-MIN or another")
    if not all(isinstance(task.get("annotations"), list) for task in tasks):
        raise DataError(f"{path}: tasks without their list of annotations; export the project as JSON")
    return tasks


def annotators(tasks: Iterable[Mapping[str, Any]], names: Mapping[int, str]) -> list[str]:
    """Who submitted something."""
    found = {answer.annotator for task in _read(tasks, names, []) for answer in task.answers}
    return sorted(found)


def pull(
    tasks: Iterable[Mapping[str, Any]],
    names: Mapping[int, str],
    *,
    annotator: str | None = None,
    lenient: bool = False,
) -> Pulled:
    """Gold of the reports that are labelled without a fatal problem; `lenient` takes what it can of others.

    `names` gives annotators' mail addresses by id; `annotator` is one of them, or an id.
    """
    wanted = names.get(int(annotator), annotator) if annotator and annotator.isdecimal() else annotator
    problems: list[Problem] = []
    by_report: defaultdict[tuple[str, str], list[_Task]] = defaultdict(list)
    for task in _read(tasks, names, problems):
        by_report[task.key.report, task.key.sha256].append(task)
    reports: list[GoldReport] = []
    left_out: list[str] = []
    for (id, _), parts in by_report.items():
        found, own = _report(parts, wanted)
        problems.extend(own)
        if found is None or (any(problem.fatal for problem in own) and not lenient):
            left_out.append(id)
        else:
            reports.append(found)
    return Pulled(tuple(reports), tuple(problems), tuple(left_out))


def _read(
    tasks: Iterable[Mapping[str, Any]], names: Mapping[int, str], problems: list[Problem]
) -> Iterator[_Task]:
    for task in tasks:
        key = identity(task["data"])
        if key is None:
            problems.append(Problem(Trouble.FOREIGN_TASK, "?", int(task["id"])))
            continue
        done = [one for one in task["annotations"] if not one.get("was_cancelled")]
        skipped = [one for one in task["annotations"] if one.get("was_cancelled")]
        drafts = [one for one in task.get("drafts") or () if isinstance(one, dict)]
        yield _Task(
            id=int(task["id"]),
            key=key,
            data=task["data"],
            answers=tuple(_answer(one, names) for one in done),
            skipped_by=tuple(_name(one.get("completed_by"), names) for one in skipped),
            drafted=tuple((_name(one.get("user"), names), str(one.get("updated_at", ""))) for one in drafts),
        )


def _answer(annotation: Mapping[str, Any], names: Mapping[int, str]) -> _Answer:
    by = _name(annotation.get("completed_by"), names)
    return _Answer(by, str(annotation.get("updated_at", "")), annotation.get("result") or ())


def _name(user: object, names: Mapping[int, str]) -> str:
    """Exports name a user by id, by mail address or by both, depending on where they come from."""
    match user:
        case {"email": str(email)} if email:
            return email
        case {"id": int(id)} | int(id):
            return names.get(id, str(id))
        case str(name) if name:
            return name.split(",")[0].strip()
    return "unknown"


def _report(parts: Sequence[_Task], wanted: str | None) -> tuple[GoldReport | None, list[Problem]]:
    """One report of all its portions; None where it cannot be had."""
    whole, problems = _complete(parts)
    chosen = [(task, _choose(task, wanted, problems)) for task in whole]
    if not chosen or any(answer is None for _, answer in chosen):
        return None, problems
    document, extra = _document(whole)
    marking = _marking([(task, answer) for task, answer in chosen if answer], problems)
    if not marking.regions:
        problems.append(Problem(Trouble.EMPTY, document.id, whole[0].id))
    records, found = rebuild(document, marking)
    return GoldReport(document, records, extra), problems + found


def _complete(parts: Sequence[_Task]) -> tuple[list[_Task], list[Problem]]:
    """The tasks that together hold the report, in order; none, with the reason, if they do not."""
    report = parts[0].key.report
    by_key: defaultdict[Key, list[_Task]] = defaultdict(list)
    for task in parts:
        by_key[task.key].append(task)
    whole: list[_Task] = []
    for twins in (by_key[key] for key in sorted(by_key)):
        answered = [task for task in twins if task.answers] or twins[:1]
        if len(answered) > 1:
            ids = " and ".join(str(task.id) for task in answered)
            return [], [Problem(Trouble.TWIN_TASK, report, answered[0].id, f"tasks {ids}")]
        whole.append(answered[0])
    at = 0
    for task in whole:
        if task.key.start != at:
            return [], [Problem(Trouble.MISSING_PORTION, report, None, f"[{at}, {task.key.start})")]
        at = task.key.end
    length = int(whole[0].data["length"])
    if at != length:
        return [], [Problem(Trouble.MISSING_PORTION, report, None, f"[{at}, {length})")]
    text = "".join(task.data["text"] for task in whole)
    if sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != whole[0].key.sha256:
        return [], [Problem(Trouble.CHANGED_TEXT, report, whole[0].id)]
    return whole, []


def _choose(task: _Task, wanted: str | None, problems: list[Problem]) -> _Answer | None:
    """The answer to take; None, with the reason, where there is none or there are several."""

    def complain(trouble: Trouble, detail: str = "") -> None:
        problems.append(Problem(trouble, task.key.report, task.id, detail))

    answers = [answer for answer in task.answers if wanted in (None, answer.annotator)]
    by = sorted({answer.annotator for answer in answers})
    if len(by) > 1:
        complain(Trouble.SEVERAL_ANNOTATORS, ", ".join(by))
        return None
    if not answers:
        _explain_absence(task, wanted, problems)
        return None
    answer = max(answers, key=lambda answer: answer.changed)
    if len(answers) > 1:
        complain(Trouble.OLDER_VERSION, f"{by[0]}, {len(answers)} of them")
    if any(name == by[0] and changed > answer.changed for name, changed in task.drafted):
        complain(Trouble.UNSENT_CHANGES, by[0])
    return answer


def _explain_absence(task: _Task, wanted: str | None, problems: list[Problem]) -> None:
    skipped = [name for name in task.skipped_by if wanted in (None, name)]
    drafted = [name for name, _ in task.drafted if wanted in (None, name)]
    if skipped:
        problem = Problem(Trouble.SKIPPED, task.key.report, task.id, ", ".join(skipped))
    elif drafted:
        problem = Problem(Trouble.DRAFT_ONLY, task.key.report, task.id, ", ".join(drafted))
    else:
        problem = Problem(Trouble.NOT_ANNOTATED, task.key.report, task.id, f"by {wanted}" if wanted else "")
    problems.append(problem)


def _document(whole: Sequence[_Task]) -> tuple[Document, dict[str, object]]:
    line = json.loads(whole[0].data["gold"], parse_float=Decimal)
    known = {
        name: Finding(value, "gold")
        for name, value in line.items()
        if name in _METADATA and value is not None
    }
    extra = {name: value for name, value in line.items() if name not in _METADATA}
    text = "".join(task.data["text"] for task in whole)
    return build(text, id=whole[0].key.report, known=known), extra


def _marking(chosen: Sequence[tuple[_Task, _Answer]], problems: list[Problem]) -> Marking:
    """One marking of all portions."""
    regions: list[Region] = []
    relations: list[tuple[str, str]] = []
    for task, answer in chosen:
        place = Place(task.key.report, task.key.start, task.data["text"], task.id)
        marking, found = read_results(answer.results, place)
        # Ids are unique in a task only.
        regions.extend(replace(region, id=f"{task.id}:{region.id}") for region in marking.regions)
        relations.extend((f"{task.id}:{one}", f"{task.id}:{other}") for one, other in marking.relations)
        problems.extend(found)
    return Marking(tuple(regions), tuple(relations))
