from pathlib import Path

import pytest

from zhibiao.jsonl import read_gold

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.fixture(scope="session")
def seed_folder():
    return SEEDS


@pytest.fixture(scope="session")
def seed_reports():
    """The five seed reports with their gold, where their texts were imported."""
    if not (SEEDS / "texts").is_dir():
        pytest.skip("the seed texts are not here; `zhibiao seeds import ../shared/seeds` brings them in")
    return list(read_gold(SEEDS / "gold.jsonl"))
