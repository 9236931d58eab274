"""Continued masked training of an encoder on reports that nobody has labelled: `zhibiao encoder adapt`.

Only hidden positions go through the output head, whose matrix is the encoder's own embedding. On a CPU nearly
all that makes such training slow is left out: dropout, fp32 where bf16 is fast, sdpa's backward, padding.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.adaptation import Adaptation, AdaptConfig, Figures
from training.batches import plan_epoch
from training.masked_text import MaskedBatch, MaskedText
from zhibiao.errors import DataError
from zhibiao.tagger.checkpoint import supports_bf16
from zhibiao.tagger.encoders import Encoder

__all__ = ["AdaptConfig", "Adaptation", "Figures", "MaskedHead", "adapt"]

_CHECK = 1
"""Distinguishes the seeds of the held-out text from those of the batches."""


class MaskedHead(nn.Module):
    """From hidden states to characters, through the encoder's embedding."""

    def __init__(self, width: int, frequencies: Tensor) -> None:
        super().__init__()
        self.dense = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.bias = nn.Parameter(frequencies)
        # So little that the frequencies decide at first.
        nn.init.constant_(self.norm.weight, 0.1)

    def forward(self, hidden: Tensor, embedding: Tensor) -> Tensor:
        """Logits, a row for each state."""
        return functional.linear(self.norm(functional.gelu(self.dense(hidden))), embedding, self.bias)


def adapt(
    encoder: Encoder,
    learned: MaskedText,
    held_out: MaskedText,
    config: AdaptConfig,
    *,
    on_step: Callable[[int, int, float, int], None] = lambda step, steps, loss, tokens: None,
) -> Adaptation:
    """Trains the encoder in place; `on_step` is told step, steps, loss and tokens."""
    torch.manual_seed(config.seed)
    model: Any = encoder.model
    device = _device()
    head = MaskedHead(model.config.hidden_size, _frequencies(learned, model))
    model.to(device)
    head.to(device)
    before = _figures(encoder, head, held_out, config)
    plans = [plan_epoch(learned.lengths(), config.tokens, [config.seed, e]) for e in range(config.epochs)]
    steps = sum(map(len, plans))
    optimizer = _optimizer(model, head, config)
    step = tokens = 0
    started = time.perf_counter()
    for epoch, plan in enumerate(plans):
        model.train()
        for rows in plan:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * _factor(step, steps, config.warmup)
            seed = [config.seed, epoch, step]
            batch = learned.batch(rows, encoder.alphabet, share=config.share, seed=seed)
            loss = _loss(model, head, batch, device)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*model.parameters(), *head.parameters()], config.clip)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            tokens += int(batch.mask.sum())
            on_step(step, steps, _checked(loss, step), tokens)
    seconds = time.perf_counter() - started
    after = _figures(encoder, head, held_out, config)
    model.to("cpu").eval()
    return Adaptation(before, after, steps, tokens, seconds)


def _loss(model: Any, head: MaskedHead, batch: MaskedBatch, device: torch.device) -> Tensor:
    """The mean over hidden positions; nothing where none is hidden."""
    total = functional.cross_entropy(*_logits(model, head, batch, device), reduction="sum")
    return total / max(1, len(batch.places))


def _logits(model: Any, head: MaskedHead, batch: MaskedBatch, device: torch.device) -> tuple[Tensor, Tensor]:
    ids, mask, places, targets = (
        torch.from_numpy(one).to(device) for one in (batch.ids, batch.mask, batch.places, batch.targets)
    )
    with torch.autocast(device.type, torch.bfloat16, enabled=supports_bf16(device)):
        hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
        logits = head(hidden.flatten(0, 1)[places], model.get_input_embeddings().weight)
    return logits.float(), targets


def _figures(encoder: Encoder, head: MaskedHead, text: MaskedText, config: AdaptConfig) -> Figures:
    """The same words are hidden every time."""
    losses, right = [], []
    model: Any = encoder.model
    model.eval()
    with torch.inference_mode():
        for number, rows in enumerate(plan_epoch(text.lengths(), config.tokens, [config.seed, _CHECK])):
            batch = text.batch(rows, encoder.alphabet, share=config.share, seed=[config.seed, _CHECK, number])
            logits, targets = _logits(model, head, batch, _device())
            losses.append(functional.cross_entropy(logits, targets, reduction="none"))
            right.append(logits.argmax(1) == targets)
    all_losses, all_right = torch.cat(losses), torch.cat(right)
    return Figures(float(all_losses.mean()), float(all_right.float().mean()), len(all_losses))


def _frequencies(text: MaskedText, model: Any) -> Tensor:
    """The log share of each character in the text: where a head may start that has learned nothing yet."""
    rows = len(model.get_input_embeddings().weight)
    counts = np.bincount(text.ids[text.words >= 0], minlength=rows) + 0.1
    return torch.from_numpy(np.log(counts / counts.sum())).float()


def _optimizer(model: Any, head: MaskedHead, config: AdaptConfig) -> torch.optim.AdamW:
    """Vectors (biases, norms) are not decayed; `peak` holds the rate that the schedule scales."""
    groups = [
        {
            "params": [one for one in part.parameters() if (one.ndim > 1) == decayed],
            "peak": rate,
            "weight_decay": config.weight_decay if decayed else 0.0,
        }
        for part, rate in ((model, config.rate), (head, config.head_rate))
        for decayed in (True, False)
    ]
    return torch.optim.AdamW(groups, lr=config.rate, fused=True)


def _factor(step: int, steps: int, warmup: float) -> float:
    """Linear up over the first `warmup` of the steps, linear down to nothing at their end."""
    rising = max(1.0, warmup * steps)
    return min((step + 1) / rising, (steps - step) / max(1.0, steps - rising))


def _checked(loss: Tensor, step: int) -> float:
    value = float(loss.detach())
    if not np.isfinite(value):
        raise DataError(f"the loss is {value} at step {step}: training has diverged; lower --rate")
    return value


def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
