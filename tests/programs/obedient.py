"""The command line with rules that obey a folder: `hold-ID` makes a report wait, `die-ID` kills its process.

`python tests/programs/obedient.py extract ...`, with the folder in $ORDERS. So a test disturbs a run at a
point that it knows, however fast or slow the machine is. Every report begun leaves a line in `begun` there;
where there is a `pace`, each takes so many seconds. A process of the cluster's node $NODE leaves its lines in
`begun-NODE`, and waits from that report on which the number in `hold-node-NODE` says. With $LOT it
wants so many characters at once.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from zhibiao.rules import RulePredictor
from zhibiao.schema import Document, Prediction


class Obedient(RulePredictor):
    """The rules, at the mercy of the folder."""

    lot_characters = int(os.environ.get("LOT", "0"))

    def __init__(self) -> None:
        self.count = 0

    def predict(self, documents: Iterable[Document]) -> Iterator[Prediction]:
        orders, node = Path(os.environ["ORDERS"]), os.environ.get("NODE")
        pace = orders / "pace"
        for document in documents:
            self.count += 1
            with (orders / (f"begun-{node}" if node else "begun")).open("a") as begun:
                begun.write(f"{document.id}\n")
            time.sleep(float(pace.read_text()) if pace.exists() else 0)
            while (orders / f"hold-{document.id}").exists() or self._held(orders / f"hold-node-{node}"):
                time.sleep(0.01)
            if (orders / f"die-{document.id}").exists():
                os._exit(1)
            yield from super().predict([document])

    def _held(self, order: Path) -> bool:
        return order.exists() and self.count >= int(order.read_text())


def main() -> None:
    """The command line; other processes find the class by its module, which is not `__main__`."""
    import obedient

    import zhibiao.rules
    from zhibiao.cli import main

    # Whoever runs the tests in the background of a shell has it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    zhibiao.rules.RulePredictor = obedient.Obedient  # type: ignore[misc]
    main()


if __name__ == "__main__":
    main()
