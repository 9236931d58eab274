"""A short fictional report, and `zhibiao extract` as the user runs it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhibiao.cli import build_app
from zhibiao.jsonl import read_gold
from zhibiao.schema import GoldReport

ROOT = Path(__file__).parents[2]

REPORT = """苇塘街道2023年工作总结和2024年工作思路
一、2023年工作总结
2023年，街道实现财政总收入12.5亿元，同比增长8.3%。
全年新建口袋公园3个，改造老旧小区14个。
二、2024年工作思路
力争财政总收入增长6%，新建停车泊位500个。
"""


@dataclass(frozen=True)
class Run:
    """What a run of `zhibiao extract` left behind."""

    code: int
    stdout: str
    stderr: str
    output: Path

    @property
    def records(self) -> list[dict]:
        return [json.loads(line) for line in self.output.read_bytes().splitlines()]

    @property
    def documents(self) -> list[dict]:
        connection = sqlite3.connect(f"{self.output}.manifest")
        connection.row_factory = sqlite3.Row
        try:
            rows = connection.execute("SELECT * FROM documents ORDER BY position").fetchall()
        finally:
            connection.close()
        return [dict(row) for row in rows]

    @property
    def by_name(self) -> dict[str, dict]:
        return {Path(row["path"]).name: row for row in self.documents}


@pytest.fixture
def report() -> str:
    return REPORT


@pytest.fixture
def extract(tmp_path: Path) -> Callable[..., Run]:
    """Runs `zhibiao extract INPUTS -o out/records.jsonl`; options are further arguments."""

    def run(*arguments: object, output: Path | None = None) -> Run:
        target = output or tmp_path / "out" / "records.jsonl"
        command = ["extract", "-o", str(target), "--method", "rules", *map(str, arguments)]
        result = CliRunner().invoke(build_app(), command)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Run(result.exit_code, result.stdout, result.stderr, target)

    return run


@pytest.fixture(scope="session")
def tagger_gold() -> list[GoldReport]:
    """The shortest of the shipped reports."""
    shipped = read_gold(ROOT / "data" / "gold.jsonl")
    return [report for report in shipped if report.document.id == "shisunwan-2019"]


@pytest.fixture(scope="session")
def tagger(tagger_gold: list[GoldReport], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder: two narrow layers that know the report by heart, links by the head's beginnings."""
    import torch
    from transformers import BertConfig, BertModel

    from training.examples import examples_of
    from zhibiao.tagger.alphabet import Alphabet
    from zhibiao.tagger.checkpoint import save_network
    from zhibiao.tagger.network import TaggerNetwork
    from zhibiao.tagger.scheme import IGNORED, INDICATORS
    from zhibiao.tagger.settings import Settings
    from zhibiao.tagger.vocabulary import Specials
    from zhibiao.tagger.windows import WindowPlan

    torch.manual_seed(7)
    letters = sorted({letter for report in tagger_gold for letter in report.document.text})
    alphabet = Alphabet(
        {one: 5 + n for n, one in enumerate(letters)}, Specials(0, 1, 2, 3, 4), 5 + len(letters)
    )
    plan = WindowPlan(size=100, context=8, limit=254)
    shape = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 96}
    config = BertConfig(vocab_size=alphabet.size, max_position_embeddings=256, **shape)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    network = TaggerNetwork(BertModel(config, add_pooling_layer=False), len(INDICATORS.tags))
    windows = [one for report in tagger_gold for one in examples_of(report, alphabet, plan)]
    length = max(len(one.ids) for one in windows)
    ids = torch.zeros(len(windows), length, dtype=torch.long)
    tags = torch.full((len(windows), length), IGNORED)
    for row, one in enumerate(windows):
        ids[row, : len(one.ids)] = torch.from_numpy(one.ids)
        tags[row, : len(one.tags)] = torch.from_numpy(one.tags)
    optimiser = torch.optim.AdamW(network.parameters(), lr=5e-3)
    for _ in range(80):
        logits, _ = network(ids, (ids != alphabet.pad).long())
        loss = torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), tags.flatten().long(), ignore_index=IGNORED
        )
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
    folder = tmp_path_factory.mktemp("tagger") / "model"
    save_network(folder, network.eval(), alphabet, Settings(labels=INDICATORS.labels, plan=plan))
    (folder / "training.json").write_text("{}", "utf-8")
    return folder
