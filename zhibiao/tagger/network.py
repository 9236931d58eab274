"""The network: an encoder with two heads, one for tags and one for links.

Where it has learned hints, it reads beside each character what the rules find there (`hints`).
The encoder's states become tag scores and, by one linear map, the *link states* of every position. A pair of
spans is scored from the link states at its four edges and from its features (`pairs`). Torch is needed only
here, in `encoders` and in `checkpoint`; at inference `linking` does the pairs in numpy from the same weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from zhibiao.tagger.hints import N_HINTS
from zhibiao.tagger.pairs import TABLE_SIZE, by_rule

if TYPE_CHECKING:
    from transformers import PreTrainedModel

__all__ = ["LINK_WIDTH", "HintLayer", "LinkHead", "TaggerNetwork"]

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


class HintLayer(nn.Module):
    """Two vectors for each kind of hint: one is added to a character, one to its last state.

    Both begin as nothing, so that a network which learns hints begins as the one that knew none.
    """

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.before = nn.Embedding(N_HINTS, before)
        self.after = nn.Embedding(N_HINTS, after)
        nn.init.zeros_(self.before.weight)
        nn.init.zeros_(self.after.weight)


class TaggerNetwork(nn.Module):
    """`forward` gives tag logits and link states; `links` scores pairs of them."""

    def __init__(
        self, encoder: PreTrainedModel, n_tags: int, *, linking: bool = True, hinted: bool = False
    ) -> None:
        super().__init__()
        width = encoder.config.hidden_size
        self.encoder = encoder
        self.tags = nn.Linear(width, n_tags)
        self.link_states = nn.Linear(width, 4 * LINK_WIDTH) if linking else None
        self.links = LinkHead() if linking else None
        self.hints: HintLayer | None = None
        if hinted:
            self.learn_hints()

    def learn_hints(self) -> None:
        """Makes room for hints in a network that has learned none."""
        if self.hints is None:
            self.hints = HintLayer(_width(self.encoder), self.encoder.config.hidden_size)

    def forward(self, ids: Tensor, mask: Tensor, hints: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """From `(windows, positions)` to tag logits `(windows, positions, tags)` and to link states
        `(windows, positions, 4 * LINK_WIDTH)`, which are empty without a link head.

        A network that has learned no hints passes over them; one that has needs them.
        """
        hidden = self._encoded(ids, mask, hints)
        states = self.link_states(hidden) if self.link_states is not None else hidden[..., :0]
        return self.tags(hidden), states

    def _encoded(self, ids: Tensor, mask: Tensor, hints: Tensor | None) -> Tensor:
        encoded: Tensor
        if self.hints is None:
            encoded = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
            return encoded
        if hints is None:
            raise ValueError("this network has learned hints, and none were given")
        characters = self.encoder.get_input_embeddings()(ids) + self.hints.before(hints)
        encoded = self.encoder(inputs_embeds=characters, attention_mask=mask).last_hidden_state
        marked: Tensor = encoded + self.hints.after(hints)
        return marked

    def score_links(self, states: Tensor, edges: Tensor, features: Tensor) -> Tensor:
        """Logits of pairs; `edges` count positions through the whole batch, padding included."""
        if self.links is None:
            raise ValueError("this network was made without a link head")
        flat = states.reshape(-1, 4, LINK_WIDTH)
        return self.links(flat, edges, features)  # type: ignore[no-any-return]


def _width(encoder: PreTrainedModel) -> int:
    """Of a character's embedding, which need not be that of a state (ELECTRA)."""
    return int(encoder.get_input_embeddings().weight.size(1))  # type: ignore[operator]
