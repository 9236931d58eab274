"""Weights and activations of an exported graph to int8, with scales that were measured once.

onnxruntime's dynamic quantisation measures the scale of the activations in each batch anew: a window's tags
would then depend on what stands beside it. Here the scales come from sample texts and stay, so that the same
text gives the same integers in whatever batch. Weights have a scale for each column. The heads stay in float.
The graph is written in standard operators (quantise, dequantise, multiply), which runtimes put together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zhibiao.errors import ConfigError

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto

__all__ = ["quantise"]

Feeds = Mapping[str, NDArray[np.int64]]
Floats = NDArray[np.float32]
Nodes = list["NodeProto"]


@dataclass(frozen=True, slots=True)
class _Scale:
    """`real = (integer - zero) * scale`, integers 0 to 255."""

    scale: float
    zero: int

    @classmethod
    def covering(cls, low: float, high: float) -> _Scale:
        low, high = min(low, 0.0), max(high, 0.0)
        scale = (high - low) / 255 or 1.0
        return cls(scale, round(-low / scale))


def quantise(source: Path, target: Path, samples: Iterable[Feeds]) -> int:
    """Writes the graph at `source` to `target` in int8; `samples` are inputs like those to come.

    Gives the number of matrix products that were quantised.
    """
    import onnx

    model = onnx.load(source)
    products = _products(model.graph)
    ranges = _ranges(model, sorted({node.input[0] for node in products}), samples)
    _rewrite(model, products, {name: _Scale.covering(*found) for name, found in ranges.items()})
    onnx.save(model, target)
    return len(products)


def _products(graph: GraphProto) -> Nodes:
    """The products of activations and weights, but for the heads', which feed the outputs."""
    weights = {tensor.name for tensor in graph.initializer if len(tensor.dims) == 2}
    outputs = {output.name for output in graph.output}
    heads = outputs | {name for node in graph.node if outputs & {*node.output} for name in node.input}
    return [
        node
        for node in graph.node
        if node.op_type == "MatMul" and node.input[1] in weights and node.output[0] not in heads
    ]


def _ranges(
    model: ModelProto, names: Sequence[str], samples: Iterable[Feeds]
) -> dict[str, tuple[float, float]]:
    """The least and the greatest number that each activation reaches on the samples."""
    session = _watching(model, names)
    found = [session.run(None, dict(feeds)) for feeds in samples]
    if not found:
        raise ConfigError("no sample text for the scales of int8: none of the reports has a window to read")
    lows, highs = np.min(found, axis=0)[: len(names)], np.max(found, axis=0)[len(names) :]
    return {name: (float(low), float(high)) for name, low, high in zip(names, lows, highs, strict=True)}


def _watching(model: ModelProto, names: Sequence[str]) -> Any:
    """A session of the same graph whose outputs are the extremes of activations."""
    import onnxruntime
    from onnx import ModelProto, TensorProto, helper

    copy = ModelProto()
    copy.CopyFrom(model)
    del copy.graph.output[:]
    for operator in ("ReduceMin", "ReduceMax"):
        for name in names:
            extreme = f"{name}/{operator}"
            copy.graph.node.append(helper.make_node(operator, [name], [extreme], keepdims=0))
            copy.graph.output.append(helper.make_tensor_value_info(extreme, TensorProto.FLOAT, []))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    providers = ["CPUExecutionProvider"]
    return onnxruntime.InferenceSession(copy.SerializeToString(), options, providers=providers)


def _rewrite(model: ModelProto, products: Nodes, scales: Mapping[str, _Scale]) -> None:
    """Puts integer products in the place of float ones; an activation is quantised once for all readers."""
    from onnx import numpy_helper

    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    chosen, seen = {node.output[0] for node in products}, set[str]()
    nodes: Nodes = []
    for node in graph.node:
        if node.output[0] not in chosen:
            nodes.append(node)
            continue
        activation, weight = node.input
        if activation not in seen:
            seen.add(activation)
            nodes.extend(_quantised(graph, activation, scales[activation]))
        if weight in weights:
            _add_weight(graph, weight, numpy_helper.to_array(weights.pop(weight)))
        nodes.extend(_product(activation, weight, node.output[0]))
    kept = [tensor for tensor in graph.initializer if tensor.name not in {node.input[1] for node in products}]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)


def _quantised(graph: GraphProto, name: str, scale: _Scale) -> Nodes:
    from onnx import helper

    _constant(graph, f"{name}/scale", np.array(scale.scale, dtype=np.float32))
    _constant(graph, f"{name}/zero", np.array(scale.zero, dtype=np.uint8))
    told = [f"{name}/scale", f"{name}/zero"]
    return [
        helper.make_node("QuantizeLinear", [name, *told], [f"{name}/int8"], name=f"{name}/quantise"),
        helper.make_node("DequantizeLinear", [f"{name}/int8", *told], [f"{name}/real"], name=f"{name}/real"),
    ]


def _add_weight(graph: GraphProto, name: str, weight: Floats) -> None:
    scales = np.abs(weight).max(axis=0) / 127
    scales[scales == 0] = 1
    integers = np.rint(weight / scales).astype(np.int8)
    _constant(graph, f"{name}/int8", integers)
    _constant(graph, f"{name}/scale", scales.astype(np.float32))
    _constant(graph, f"{name}/zero", np.zeros(len(scales), dtype=np.int8))


def _product(activation: str, weight: str, output: str) -> Nodes:
    """Weights become real again in front of each product, where runtimes look for what to put together."""
    from onnx import helper

    parts = [f"{weight}/{part}" for part in ("int8", "scale", "zero")]
    real = f"{output}/weight"
    return [
        helper.make_node("DequantizeLinear", parts, [real], name=real, axis=1),
        helper.make_node("MatMul", [f"{activation}/real", real], [output], name=f"{output}/int8"),
    ]


def _constant(graph: GraphProto, name: str, content: NDArray[Any]) -> None:
    from onnx import numpy_helper

    graph.initializer.append(numpy_helper.from_array(content, name))
