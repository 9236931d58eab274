"""What `zhibiao evaluate` writes: a report in a folder, or its figures as JSON."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from zhibiao.cli.command_line import command_line
from zhibiao.errors import ConfigError, DataError, WriteError
from zhibiao.version import __version__
from zhibiao.view.lang import Lang

if TYPE_CHECKING:
    import typer

    from training.evaluate import Evaluation
    from training.report import Findings, Note
    from zhibiao.schema import GoldReport

__all__ = ["about", "json_of", "write_output"]

PACKAGES = ("numpy", "torch", "transformers", "onnxruntime", "openvino")
"""Their versions are told when they were used."""

BLOCK = 1 << 20


def about(
    context: typer.Context,
    evaluation: Evaluation,
    reports: list[GoldReport],
    *,
    data: list[Path],
    model: Path | None,
    group_by: str,
) -> Findings:
    """The evaluation with how it was made."""
    from training.report import Findings, Run

    others = [file for name in ("config", "curve") if (file := context.params.get(name))]

    made = Run(
        command=command_line(context),
        versions=_versions(),
        data=dict(_checksums(data, model, others)),
        config=_config(context, evaluation.predictor),
        seen=tuple(_seen(context.params, reports, model)),
    )
    return Findings(evaluation, made, group_by)


def json_of(found: Findings) -> str:
    """All figures."""
    from training.report import figures_of

    return json.dumps(figures_of(found), ensure_ascii=False, indent=2)


def write_output(path: Path, found: Findings, lang: Lang) -> None:
    """A `.json` file, or a folder with `report.html`, `report.md` and `report.json`."""
    from training.report import contents_of, to_html, to_markdown

    if path.suffix == ".json":
        _write(path, json_of(found) + "\n")
        return
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{path}: cannot be made a folder ({error}); choose another with -o") from error
    contents = contents_of(found, lang)
    _write(path / "report.html", to_html(contents))
    _write(path / "report.md", to_markdown(contents))
    _write(path / "report.json", json_of(found) + "\n")


def _write(path: Path, text: str) -> None:
    """Line ends as they are: the page's policy holds the hash of its script."""
    from zhibiao.files import whole_file

    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")


def _versions() -> dict[str, str]:
    found = {"zhibiao": __version__, "python": platform.python_version(), "platform": platform.platform()}
    for package in PACKAGES:
        if package in sys.modules:
            try:
                found[package] = version(package)
            except PackageNotFoundError:  # imported from a path, not installed
                found[package] = "unknown"
    return found


def _config(context: typer.Context, predictor: str) -> dict[str, object]:
    from zhibiao.scoring.bootstrap import SAMPLES, SEED

    options = (
        "method",
        "half",
        "hold_out",
        "leave_one_out",
        "folds",
        "config",
        "rule_links",
        "gold_spans",
        "group_by",
        "curve",
    )
    chosen = {
        name: str(value) for name in options if (value := context.params.get(name)) not in (None, False)
    }
    return {"predictor": predictor, **chosen, "bootstrap samples": SAMPLES, "bootstrap seed": SEED}


def _checksums(data: Iterable[Path], model: Path | None, others: Iterable[Path]) -> Iterator[tuple[str, str]]:
    from zhibiao.jsonl import gold_files

    files = [file for path in data for file in gold_files(path)]
    if model and model.is_dir():
        files += sorted(file for file in model.iterdir() if file.suffix in (".safetensors", ".json"))
    for file in [*files, *others]:
        yield str(file), _sha256(file)


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _seen(options: Mapping[str, object], reports: list[GoldReport], model: Path | None) -> Iterator[Note]:
    """What is known of the predictor's having seen the reports before."""
    from training.report import Note

    if options.get("half"):
        yield Note("seen_half", {"half": str(options["half"])})
    if options.get("leave_one_out") and options.get("config"):
        yield Note("seen_folds")
    elif model is None:
        yield Note("seen_rules")
    elif options.get("hold_out"):
        yield Note("seen_held_out", {"name": str(options["hold_out"]).partition("=")[2]})
    else:
        yield _overlap(reports, model)


def _overlap(reports: list[GoldReport], model: Path) -> Note:
    from training.provenance import overlaps, read_provenance
    from training.report import Note

    try:
        provenance = read_provenance(model)
    except (ConfigError, DataError):  # a model may be scored, but nobody shall think that it is known
        return Note("seen_unknown")
    names = [report.document.id for report in reports if overlaps(provenance, [report])]
    if not names:
        return Note("seen_none")
    return Note("seen_overlap", {"count": len(names), "names": ", ".join(names)})
