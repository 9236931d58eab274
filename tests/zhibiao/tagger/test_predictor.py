"""One decode path: the same records however documents are batched, and nothing lost at the edges."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from zhibiao.assemble import assemble
from zhibiao.documents import build
from zhibiao.errors import ConfigError
from zhibiao.jsonl import read_gold
from zhibiao.schema import Label
from zhibiao.scoring import gold_spans
from zhibiao.tagger.loading import ModelFactory, load_model
from zhibiao.tagger.predictor import Batching, TaggerPredictor
from zhibiao.tagger.settings import read_settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def model(tiny_model):
    return load_model(tiny_model, precision="fp32")


@pytest.fixture(scope="module")
def documents(lessons):
    empty = build("", id="empty")
    plain = build("各项工作有序推进。\n干部作风持续转变。", id="plain")
    known = [report.document for report in read_gold(lessons.gold)]
    return [empty, known[0], plain, *known[1:], build("共5。", id="short")]


def found(predictions):
    """What was found, scores aside: they may differ in the last digit with the shape of a batch."""
    return {
        one.document.id: (one.spans, one.links, [record.spans for record in assemble(one)])
        for one in predictions
    }


def test_the_tiny_model_finds_something(model, documents):
    spans = [span for one in TaggerPredictor(model).predict(documents) for span in one.spans]
    assert {span.label for span in spans} >= {Label.INDICATOR, Label.VALUE, Label.UNIT}
    assert all(span.score is None or 0 <= span.score <= 1 for span in spans)


@pytest.mark.parametrize(
    "batching", [Batching(256), Batching(8192), Batching(1), Batching(4096, characters=1)]
)
def test_batches_change_no_record(model, documents, batching):
    wanted = found(TaggerPredictor(model).predict(documents))
    assert list(wanted) == [document.id for document in documents]
    assert found(TaggerPredictor(model, batching=batching).predict(documents)) == wanted


def test_documents_change_no_other(model, documents):
    wanted = found(TaggerPredictor(model).predict(documents))
    alone = [one for document in documents for one in TaggerPredictor(model).predict([document])]
    assert found(alone) == wanted
    assert found(TaggerPredictor(model).predict(documents[::-1])) == wanted


def test_documents_are_read_as_they_are_needed(model, documents):
    read = []
    source = (read.append(document.id) or document for document in documents)
    predictions = TaggerPredictor(model, batching=Batching(characters=1)).predict(source)
    assert next(predictions).document is documents[0]
    assert len(read) <= 2


@pytest.mark.parametrize(
    "text", ["", "\n\n", "各项工作有序推进。", "𠮷" * 40 + "。"], ids=["empty", "blank", "words", "astral"]
)
def test_without_a_numeral_there_is_nothing_and_no_crash(model, text):
    (prediction,) = TaggerPredictor(model).predict([build(text, id="lancheng")])
    assert prediction.spans == ()
    assert assemble(prediction) == []


def test_one_enormous_sentence_is_read_to_its_end(model):
    statement = "全年实现规上工业增加值36.5亿元，同比增长8.2%，"
    text = (statement * 100)[:2000] + "新建书屋3座。"
    document = build(text, id="lancheng")
    assert len(document.sentences) == 1
    (prediction,) = TaggerPredictor(model).predict([document])
    values = [span.start for span in prediction.spans if span.label is Label.VALUE]
    # A tiny model misses some; a part of the text that was not read would hold none at all.
    assert {start // 400 for start in values} >= {0, 1, 2, 3, 4}
    assert all(record.spans["value"] for record in assemble(prediction) if record.value is not None)


def test_given_spans_are_linked_and_all_are_there(model, lessons):
    reports = {report.document.id: report for report in read_gold(lessons.gold)}
    known = [report.document for report in reports.values()]
    predictor = TaggerPredictor(model, given=lambda document: gold_spans(reports[document.id]))
    for one in predictor.predict(known):
        assert one.spans == gold_spans(reports[one.document.id])


def test_without_links_the_rules_link(model, documents):
    assert all(one.links is None for one in TaggerPredictor(model, linking=False).predict(documents))


def test_a_model_survives_being_saved(tiny_model, documents, tmp_path):
    from zhibiao.tagger.checkpoint import load_network, save_network

    network, alphabet, settings = load_network(tiny_model)
    save_network(tmp_path / "again", network, alphabet, settings)
    first, again = (ModelFactory(folder, precision="fp32")() for folder in (tiny_model, tmp_path / "again"))
    assert list(first.predict(documents)) == list(again.predict(documents))
    assert (tiny_model / "model.safetensors").read_bytes() == (
        tmp_path / "again" / "model.safetensors"
    ).read_bytes()
    assert first.name == again.name
    assert replace(read_settings(tmp_path / "again")) == settings


def test_a_folder_that_is_not_whole_says_so(tiny_model, tmp_path):
    import shutil

    broken = tmp_path / "broken"
    shutil.copytree(tiny_model, broken)
    weights = (broken / "model.safetensors").read_bytes()
    (broken / "model.safetensors").write_bytes(weights[: len(weights) // 2])
    with pytest.raises(ConfigError, match=r"model\.safetensors"):
        ModelFactory(broken)()
    with pytest.raises(ConfigError, match="no such folder"):
        ModelFactory(tmp_path / "nowhere")()
