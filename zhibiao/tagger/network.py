"""The network: an encoder with two heads, one for tags and one for links.

The encoder's states become tag scores and, by one linear map, the *link states* of every position. A pair of
spans is scored from the link states at its four edges and from its features (`pairs`). Torch is needed only
here, in `encoders` and in `checkpoint`; at inference `linking` does the pairs in numpy from the same weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from zhibiao.tagger.pairs import TABLE_SIZE, by_rule

if TYPE_CHECKING:
    from transformers import PreTrainedModel

__all__ = ["LINK_WIDTH", "LinkHead", "TaggerNetwork"]

LINK_WIDTH = 96
"""Width of a pair's hidden layer; a position has four states: of quantity and argument, first and last."""


_PRIOR = 4.0
"""The logit that the rules' word is worth before anything is learned: 98 %."""


class LinkHead(nn.Module):
    """Scores pairs: states at the edges and the features are added up, bent once, and weighed.

    It starts from what the rules of assembly say, and learns where they are wrong.
    """

    def __init__(self, width: int = LINK_WIDTH) -> None:
        super().__init__()
        self.features = nn.EmbeddingBag(TABLE_SIZE, width, mode="sum")
        self.bias = nn.Parameter(torch.zeros(width))
        self.score = nn.Linear(width, 1)
        self.prior = nn.Parameter(torch.tensor(_PRIOR))
        nn.init.normal_(self.features.weight, std=0.1)

    def forward(self, states: Tensor, edges: Tensor, features: Tensor) -> Tensor:
        """Logits `(pairs,)`.

        `states` is `(positions, 4, width)`, all windows of the batch in one row; `edges` `(pairs, 4)` holds
        the positions of the quantity's first and last and the argument's first and last character.
        """
        parts = states[edges, torch.arange(4, device=edges.device)].float().sum(dim=1)
        hidden = torch.relu(parts + self.features(features) + self.bias)
        rule = by_rule(features[:, -1]).float()
        scores: Tensor = self.score(hidden).squeeze(-1) + self.prior * rule
        return scores


class TaggerNetwork(nn.Module):
    """`forward` gives tag logits and link states; `links` scores pairs of them."""

    def __init__(self, encoder: PreTrainedModel, n_tags: int, *, linking: bool = True) -> None:
        super().__init__()
        width = encoder.config.hidden_size
        self.encoder = encoder
        self.tags = nn.Linear(width, n_tags)
        self.link_states = nn.Linear(width, 4 * LINK_WIDTH) if linking else None
        self.links = LinkHead() if linking else None

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """From `(windows, positions)` to tag logits `(windows, positions, tags)` and to link states
        `(windows, positions, 4 * LINK_WIDTH)`, which are empty without a link head.
        """
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        states = self.link_states(hidden) if self.link_states is not None else hidden[..., :0]
        return self.tags(hidden), states

    def score_links(self, states: Tensor, edges: Tensor, features: Tensor) -> Tensor:
        """Logits of pairs; `edges` count positions through the whole batch, padding included."""
        if self.links is None:
            raise ValueError("this network was made without a link head")
        flat = states.reshape(-1, 4, LINK_WIDTH)
        return self.links(flat, edges, features)  # type: ignore[no-any-return]
