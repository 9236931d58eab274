"""Our attention is transformers' eager one, forwards and backwards, masked and not, in both precisions."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from zhibiao.tagger.attention import LEAN, enable

WIDTH = 32


def encoder(kind: str, attention: str, *, dropout: float = 0.0) -> Any:
    """Two layers, the same weights whatever the attention."""
    from transformers import AutoConfig, AutoModel

    torch.manual_seed(3)
    config = AutoConfig.for_model(
        kind,
        vocab_size=60,
        hidden_size=WIDTH,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        attention_probs_dropout_prob=dropout,
        hidden_dropout_prob=0.0,
    )
    return AutoModel.from_config(config, attn_implementation=enable(attention))


def inputs() -> tuple[Tensor, Tensor]:
    """Three windows, of which one is padded."""
    ids = torch.randint(5, 60, (3, 12), generator=torch.Generator().manual_seed(1))
    mask = torch.ones_like(ids)
    mask[1, 7:] = 0
    return ids, mask


def passed(model: nn.Module, mask: Tensor | None, *, bf16: bool) -> tuple[Tensor, Tensor]:
    """The states that count, and the gradient of the embeddings."""
    ids, padding = inputs()
    model.train()
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        states = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    kept = states[padding.bool()] if mask is not None else states
    (kept * torch.linspace(-1, 1, WIDTH)).pow(2).mean().backward()
    gradient = model.get_input_embeddings().weight.grad  # type: ignore[operator]
    return kept.detach(), gradient


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["bert", "roberta", "electra", "ernie", "xlm-roberta"])
@pytest.mark.parametrize("masked", [True, False])
def test_states_and_gradients_are_those_of_eager(kind: str, masked: bool) -> None:
    mask = inputs()[1] if masked else None
    for bf16, tolerance in ((False, 1e-5), (True, 3e-2)):
        eager, lean = (passed(encoder(kind, name), mask, bf16=bf16) for name in ("eager", LEAN))
        for mine, theirs in zip(lean, eager, strict=True):
            scale = float(theirs.abs().max())
            assert scale > 0
            torch.testing.assert_close(mine, theirs, rtol=tolerance, atol=tolerance * scale)


@pytest.mark.slow
def test_what_is_padded_changes_nothing() -> None:
    model = encoder("bert", LEAN).eval()
    ids, mask = inputs()
    alone = model(input_ids=ids[1:2, :7]).last_hidden_state
    beside = model(input_ids=ids, attention_mask=mask).last_hidden_state[1:2, :7]
    torch.testing.assert_close(alone, beside)


@pytest.mark.slow
def test_dropout_falls_on_the_weights_and_only_in_training() -> None:
    model = encoder("bert", LEAN, dropout=0.5)
    ids, mask = inputs()

    def states() -> Tensor:
        found: Tensor = model(input_ids=ids, attention_mask=mask).last_hidden_state
        return found.detach()

    model.eval()
    assert torch.equal(states(), states())
    model.train()
    assert not torch.equal(states(), states())


def test_other_names_are_left_to_transformers() -> None:
    assert enable("sdpa") == "sdpa"
