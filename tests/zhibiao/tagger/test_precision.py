"""Under autocast, states go from layer to layer in bf16; without it, in fp32 as ever."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from zhibiao.tagger.precision import narrow_states


def _encoder() -> Any:
    from transformers import BertConfig, BertModel

    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=60, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4
    )
    return BertModel(config, add_pooling_layer=False).eval()


def _between(encoder: nn.Module, *, bf16: bool) -> tuple[torch.Tensor, set[torch.dtype]]:
    """The last states, and the kinds that the layers were given."""
    kinds: set[torch.dtype] = set()
    hooks = [
        layer.register_forward_pre_hook(lambda _, given: kinds.add(given[0].dtype))
        for layer in encoder.encoder.layer  # type: ignore[union-attr]
    ]
    ids = torch.randint(5, 60, (3, 12), generator=torch.Generator().manual_seed(1))
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        states = encoder(input_ids=ids).last_hidden_state
    for hook in hooks:
        hook.remove()
    return states, kinds


@pytest.mark.slow
def test_states_are_narrow_under_autocast_only():
    encoder = _encoder()
    exact, _ = _between(encoder, bf16=False)
    _, before = _between(encoder, bf16=True)
    narrow_states(encoder)
    narrow, after = _between(encoder, bf16=True)
    assert (before, after) == ({torch.float32}, {torch.bfloat16})
    # bf16 keeps eight bits, and two layers are rounded.
    assert (narrow.float() - exact).abs().mean() < 2**-7 * exact.abs().mean()
    same, kinds = _between(encoder, bf16=False)
    assert kinds == {torch.float32}
    assert torch.equal(same, exact)
