"""The command line with rules that obey a folder: `hold-ID` makes a report wait, `die-ID` kills its process.

`python tests/programs/obedient.py extract ...`, with the folder in $ORDERS. So a test disturbs a run at a
point that it knows, however fast or slow the machine is. Every report begun leaves a line in `begun` there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from inference.rules import RulePredictor
from zhibiao.schema import Document, Prediction


class Obedient(RulePredictor):
    """The rules, at the mercy of the folder."""

    def predict(self, documents: Iterable[Document]) -> Iterator[Prediction]:
        orders = Path(os.environ["ORDERS"])
        for document in documents:
            with (orders / "begun").open("a") as begun:
                begun.write(f"{document.id}\n")
            while (orders / f"hold-{document.id}").exists():
                time.sleep(0.01)
            if (orders / f"die-{document.id}").exists():
                os._exit(1)
            yield from super().predict([document])


def main() -> None:
    """The command line; other processes find the class by its module, which is not `__main__`."""
    import obedient

    import inference.rules
    from zhibiao.cli import main

    inference.rules.RulePredictor = obedient.Obedient  # type: ignore[misc]
    main()


if __name__ == "__main__":
    main()
