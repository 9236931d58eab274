"""What is minimised: cross-entropy of the tags, and of the links, weighed against each other."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn
from torch.nn import functional

from zhibiao.tagger.network import TaggerNetwork
from zhibiao.tagger.scheme import IGNORED

__all__ = ["Objective"]


class Objective(nn.Module):
    """The network with its loss, as one module, so that several processes can wrap it.

    Sums are divided by the counts of the whole batch, which the caller hands in: shares of a batch that
    several processes take then add up to what one process would have had.
    """

    def __init__(self, network: TaggerNetwork, *, link_weight: float, smoothing: float) -> None:
        super().__init__()
        self.network = network
        self.link_weight = link_weight
        self.smoothing = smoothing

    def forward(self, batch: Mapping[str, Tensor], n_tags: int, n_pairs: int) -> Tensor:
        """The loss; `n_tags` positions and `n_pairs` pairs count in the batch as a whole."""
        logits, states = self.network(batch["ids"], batch["mask"])
        loss = functional.cross_entropy(
            logits.float().flatten(0, 1),
            batch["tags"].flatten(),
            ignore_index=IGNORED,
            reduction="sum",
            label_smoothing=self.smoothing,
        ) / max(1, n_tags)
        if self.network.links is not None:
            loss = loss + self.link_weight * self._links(states, batch) / max(1, n_pairs)
        return loss

    def _links(self, states: Tensor, batch: Mapping[str, Tensor]) -> Tensor:
        scores = self.network.score_links(states, batch["edges"], batch["features"])
        return functional.binary_cross_entropy_with_logits(scores, batch["targets"], reduction="sum")
