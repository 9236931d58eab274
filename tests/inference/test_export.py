"""Exported models: the records of the original, whatever the batch, and nothing published that lost some."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from inference.export import TOLD, Maker, Recipe, export
from inference.parity import Parity, demand
from zhibiao.assemble import assemble
from zhibiao.cli import build_app
from zhibiao.errors import ConfigError, ParityError
from zhibiao.jsonl import dumps, record_to_json
from zhibiao.schema import GoldReport
from zhibiao.tagger.exported import LINKS
from zhibiao.tagger.loading import ModelFactory
from zhibiao.tagger.openvino_engine import load_engine
from zhibiao.tagger.predictor import Batching

ROOT = Path(__file__).parents[2]
MAKERS = {
    "float": Recipe(),
    "int8": Recipe(int8=True),
    "openvino": Recipe("openvino"),
    "openvino-int8": Recipe("openvino", int8=True),
}


def records(factory: ModelFactory, gold: Sequence[GoldReport]) -> list[str]:
    found = factory().predict(report.document for report in gold)
    return [dumps(record_to_json(record)) for prediction in found for record in assemble(prediction)]


@pytest.fixture(scope="module")
def exported(
    tagger: Path, tagger_gold: list[GoldReport], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The tagger as it was exported, by precision."""
    folder = tmp_path_factory.mktemp("exported")
    for name, make in MAKERS.items():
        export(tagger, folder / name, tagger_gold, make=make)
    return {name: folder / name for name in MAKERS}


def perturbed(spread: float) -> Maker:
    """Exports, then adds noise to the weights of the graph: a fault that no shape betrays."""

    def make(source: Path, target: Path, gold: Sequence[GoldReport]) -> None:
        import onnx
        from onnx import numpy_helper

        Recipe()(source, target, gold)
        model = onnx.load(target / "model.onnx")
        noise = np.random.default_rng(3)
        for tensor in model.graph.initializer:
            weights = numpy_helper.to_array(tensor)
            if weights.ndim == 2 and weights.dtype == np.float32:
                noisy = weights + spread * weights.std() * noise.standard_normal(weights.shape)
                tensor.CopyFrom(numpy_helper.from_array(noisy.astype(np.float32), tensor.name))
        onnx.save(model, target / "model.onnx")

    return make


@pytest.mark.slow
def test_float_gives_the_records_of_torch(
    tagger: Path, exported: dict[str, Path], tagger_gold: list[GoldReport]
) -> None:
    original = records(ModelFactory(tagger, precision="fp32"), tagger_gold)
    assert len(original) > 20
    told = json.loads((exported["float"] / TOLD).read_text("utf-8"))
    assert told["parity"]["same"] == told["parity"]["records"] == len(original)
    assert told["source"] == ModelFactory(tagger)().name
    assert told["model"] == ModelFactory(exported["float"])().name != told["source"]


@pytest.mark.slow
def test_int8_has_integer_products_but_in_the_heads(exported: dict[str, Path]) -> None:
    import onnx

    graph = onnx.load(exported["int8"] / "model.onnx").graph
    real = {node.output[0] for node in graph.node if node.op_type == "DequantizeLinear"}
    products = [real >= {*node.input} for node in graph.node if node.op_type == "MatMul"]
    # Six products in each of two layers: query, key, value, output, and two of the feed-forward part.
    assert products.count(True) == 12
    # The heads, and two products of activations in each layer.
    assert products.count(False) == 2 + 2 * 2
    assert {node.domain for node in graph.node} == {""}


@pytest.mark.slow
def test_onnxruntime_puts_the_integer_products_together(exported: dict[str, Path], tmp_path: Path) -> None:
    import onnx
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    options.log_severity_level = 3
    onnxruntime.InferenceSession(exported["int8"] / "model.onnx", options, providers=["CPUExecutionProvider"])
    kinds = [node.op_type for node in onnx.load(tmp_path / "optimised.onnx").graph.node]
    assert kinds.count("MatMulIntegerToFloat") == 12


@pytest.mark.slow
def test_openvino_sees_few_sizes_of_batch(exported: dict[str, Path]) -> None:
    engine = load_engine(exported["openvino"] / "model.onnx")
    ids = np.random.default_rng(1).integers(5, 50, (13, 32))
    seen: list[int] = []

    class Counting:
        """The compiled model, and how many windows it was asked for at once."""

        def create_infer_request(self) -> Counting:
            return self

        def infer(self, inputs: dict[str, np.ndarray]) -> object:
            seen.append(len(inputs["ids"]))
            return engine.compiled.create_infer_request().infer(inputs)

    together = replace(engine, compiled=Counting())(ids, np.ones_like(ids))
    assert seen == [8, 4, 1]
    alone = [engine(ids[row : row + 1], np.ones((1, 32), dtype=np.int64)) for row in range(13)]
    for found, parts in zip(together, zip(*alone, strict=True), strict=True):
        np.testing.assert_array_equal(found, np.concatenate(parts))


@pytest.mark.slow
def test_openvino_puts_the_integer_products_together(exported: dict[str, Path]) -> None:
    graph = load_engine(exported["openvino-int8"] / "model.onnx").compiled.get_runtime_model()
    kinds = [str(one.rt_info["runtimePrecision"].astype(str)) for one in graph.get_ops()]
    assert len(kinds) > 20
    products = [
        one.rt_info["runtimePrecision"].astype(str)
        for one in graph.get_ops()
        if one.rt_info["layerType"].astype(str) == "FullyConnected"
    ]
    assert sum(kind in {"u8", "i8"} for kind in products) == 12


@pytest.mark.slow
@pytest.mark.parametrize("name", ["torch", *MAKERS])
def test_the_batch_decides_nothing(
    name: str, tagger: Path, exported: dict[str, Path], tagger_gold: list[GoldReport]
) -> None:
    """Windows alone, by two, all together; documents alone and in one lot: to the last digit of a score."""
    folder = exported.get(name, tagger)
    sizes = [
        Batching(tokens=tokens, characters=characters)
        for tokens in (16, 600, 4096)
        for characters in (1, 99_999)
    ]
    found = {tuple(records(ModelFactory(folder, batching=size), tagger_gold)) for size in sizes}
    assert len(found) == 1
    assert len(found.pop()) > 20


@pytest.mark.slow
@pytest.mark.parametrize("name", ["torch", "int8", "openvino-int8"])
def test_the_number_of_workers_decides_nothing(
    name: str, tagger: Path, exported: dict[str, Path], tmp_path: Path
) -> None:
    texts = [
        ROOT / "data" / "texts" / f"{name}.txt" for name in ("shisunwan-2019", "lanyan-2020", "lingao-2022")
    ]
    found = []
    for workers in ("1", "2"):
        output = tmp_path / f"{workers}.jsonl"
        options = [
            "-o",
            str(output),
            "--model",
            str(exported.get(name, tagger)),
            "--workers",
            workers,
            "--quiet",
        ]
        done = CliRunner().invoke(build_app(), ["extract", *map(str, texts), *options])
        assert done.exit_code == 0, done.output
        found.append(output.read_bytes())
    assert found[0] == found[1]
    assert found[0].count(b"\n") > 20


@pytest.mark.slow
def test_a_corrupted_export_is_refused_and_nothing_written(
    tagger: Path, tagger_gold: list[GoldReport], tmp_path: Path
) -> None:
    output = tmp_path / "corrupted"
    with pytest.raises(ParityError, match="not published: strict record F1 fell from"):
        export(tagger, output, tagger_gold, make=perturbed(1.0))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_refused_export_leaves_the_earlier_one(
    tagger: Path, exported: dict[str, Path], tagger_gold: list[GoldReport]
) -> None:
    before = contents(exported["float"])
    with pytest.raises(ParityError):
        export(tagger, exported["float"], tagger_gold, make=perturbed(1.0))
    assert contents(exported["float"]) == before


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
def test_what_was_told_of_the_model_goes_along(tagger: Path, exported: dict[str, Path]) -> None:
    for name in ("training.json", "tokenizer.json"):
        assert (exported["int8"] / name).read_bytes() == (tagger / name).read_bytes()
    assert (exported["int8"] / LINKS).is_file()


@pytest.mark.slow
def test_an_exported_model_says_what_it_cannot(
    tagger: Path, exported: dict[str, Path], tagger_gold: list[GoldReport], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="runs on the cpu"):
        ModelFactory(exported["float"], device="cuda")()
    with pytest.raises(ConfigError, match=r"exported model .onnx.; name the folder it was made from"):
        export(exported["float"], tmp_path / "again", tagger_gold, make=Recipe())


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["int8", "openvino-int8"])
def test_damaged_exports_are_named(engine: str, exported: dict[str, Path], tmp_path: Path) -> None:
    for name, content in contents(exported[engine]).items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / LINKS).unlink()
    with pytest.raises(ConfigError, match=r"links\.safetensors: cannot be loaded"):
        ModelFactory(tmp_path)()
    (tmp_path / "model.onnx").write_bytes(b"nothing of the kind")
    with pytest.raises(ConfigError, match=r"model\.onnx: cannot be loaded .*export the model again"):
        ModelFactory(tmp_path)()


@pytest.mark.slow
def test_the_command(tagger: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    shipped = (ROOT / "data" / "gold.jsonl").read_text("utf-8").splitlines(keepends=True)
    gold.write_text(next(line for line in shipped if "shisunwan-2019" in line), "utf-8")
    texts = tmp_path / "texts"
    texts.symlink_to(ROOT / "data" / "texts")
    options = [
        "export",
        str(tagger),
        "--to",
        "onnx",
        "--int8",
        "-o",
        str(tmp_path / "out"),
        "--data",
        str(gold),
    ]
    done = CliRunner().invoke(build_app(), options)
    assert done.exit_code == 0, done.output
    before, after = re.search(r"strict record F1  (\S+) before, (\S+) after", done.stdout).groups()  # type: ignore[union-attr]
    assert float(before) > 0.9
    assert float(after) >= float(before) - 0.002
    assert (tmp_path / "out" / TOLD).is_file()


def test_places_that_are_no_model_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(ConfigError, match="holds no model"):
        export(tmp_path / "model", tmp_path, [], make=Recipe())
    with pytest.raises(ConfigError, match="is a file"):
        export(tmp_path / "model", tmp_path / "notes.txt", [], make=Recipe())
    with pytest.raises(ConfigError, match="is the model itself"):
        export(tmp_path / "model", tmp_path / "model", [], make=Recipe())


GATES = [
    (0.9, 0.9, None),
    (0.9, 0.95, None),
    (0.9, 0.8981, None),
    (0.9, 0.8979, ParityError),
    (0.9, 0.0, ParityError),
    (0.0, 0.0, ConfigError),
]


@pytest.mark.parametrize(("before", "after", "error"), GATES)
def test_the_gate(before: float, after: float, error: type[Exception] | None) -> None:
    parity = Parity(before, after, records=100, same=90)
    if error is None:
        demand(parity)
    else:
        with pytest.raises(error):
            demand(parity)
