"""Run notebooks from top to bottom and keep what they show: `python docs/notebooks.py notebooks/*.ipynb`.

`make notebooks` runs all of them. A cell with the tag `varies` may show something else on another machine;
the others must not, and a test holds them to it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

PATIENCE = 900
"""Seconds that one cell may take on a machine that is busy."""


def run(path: Path) -> None:
    """Execute in the notebook's folder, by the Python that runs this, and write the outputs into the file."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=PATIENCE,
        startup_timeout=PATIENCE,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    told = dict(notebook.metadata["language_info"])
    client.execute()
    # The kernel writes its own versions here, which would differ from machine to machine.
    notebook.metadata["language_info"] = NotebookNode(told)
    nbformat.write(notebook, path)


def main(paths: Sequence[str]) -> None:
    """One after the other; the first that fails ends it, with the cell and its error."""
    for path in paths:
        run(Path(path).resolve())
        print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
