"""The page, the Markdown and the JSON say the same, escape everything, and speak both languages."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import string
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from training.causes import Cause
from training.curve_file import LearningCurve
from training.report import Findings, Words, contents_of, figures_of, to_html, to_markdown
from training.report.contents import Line, LinePlot, Section, Table
from training.report.line_plot import line_plot
from training.report.words import table_of_words
from training.slices import SLICES
from zhibiao.scoring import DECIDING, REPORTED
from zhibiao.view.lang import Lang

LANGUAGES = list(Lang)


class Cells(HTMLParser):
    """The texts of all table cells, and every tag that is opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: list[str] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        self.inside = tag in ("td", "th")
        if self.inside:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.cells[-1] += data


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    for key, words in table_of_words().items():
        assert set(words) == {"zh", "en"}, key
        gaps = [{name for _, name, _, _ in string.Formatter().parse(words[lang]) if name} for lang in words]
        assert gaps[0] == gaps[1], key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_cause_slice_and_slot_has_a_name(lang: Lang) -> None:
    words = Words(lang)
    keys = [("cause", cause.value) for cause in Cause] + [("slice", name) for name in SLICES]
    keys += [("slot", slot) for slot in DECIDING + REPORTED]
    for kind, key in keys:
        assert f"{kind}_{key}" in table_of_words(), key
        assert words.name(kind, key)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_screen_says_how_good_where_and_why(unsure: Findings, lang: Lang) -> None:
    contents = contents_of(unsure, lang)
    assert len(contents.summary) == 3
    strict = unsure.whole.records.strict
    assert f"{strict.f1:.3f}" in contents.summary[0]
    assert "云麓区" in contents.summary[1]
    assert Words(lang).name("cause", "missed_quantity") in contents.summary[2]
    assert any("data/README.md" in note for note in contents.notes)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_and_markdown_hold_the_same_cells(unsure: Findings, lang: Lang) -> None:
    contents = contents_of(unsure, lang)
    tables = [b for s in (*contents.sections, contents.run) for b in s.blocks if isinstance(b, Table)]
    cells = [cell for table in tables for row in (table.columns, *table.rows) for cell in row]
    assert Cells(to_html(contents)).cells == cells
    markdown = to_markdown(contents)
    rows = [line for line in markdown.splitlines() if line.startswith("| ") and "---" not in line]
    assert len(rows) == sum(1 + len(table.rows) for table in tables)
    for row, line in zip([r for t in tables for r in (t.columns, *t.rows)], rows, strict=True):
        assert len(re.findall(r"(?<!\\)\|", line)) == len(row) + 1


def test_the_figures_are_those_of_the_json(unsure: Findings) -> None:
    figures = json.loads(json.dumps(figures_of(unsure)))
    page = to_html(contents_of(unsure, Lang.EN))
    for measure in ("strict", "relaxed", "normalised"):
        assert f"{figures['all'][measure]['f1']:.3f}" in page
    for name in figures["slices"]:
        assert Words(Lang.EN).name("slice", name) in page
    strict = figures["all"]["strict"]
    assert sum(c["false_negatives"] for c in figures["causes"].values()) == strict["gold"] - strict["correct"]
    assert len(figures["errors"]) == len(unsure.errors) == page.count("<article")
    assert figures["coverage"]["unread"] == 0
    assert figures["counts"]["reports"]["a"]["group"] == "云麓区"
    assert figures["linking"]["rules"]["strict"]["f1"] == 1.0
    assert figures["linking"]["model"]["strict"]["f1"] < 1.0
    assert figures["linking"]["rules"]["predictor"] == "rules on gold spans"
    assert [one["strict"] for one in figures["learning_curve"]["points"]][:2] == [0.21, 0.43]
    assert figures["learning_curve"]["source"] == "out/<b>.curve/curve.json"
    assert figures["run"]["command"] in page


def test_nothing_in_a_report_becomes_markup(unsure: Findings) -> None:
    page = to_html(contents_of(unsure, Lang.ZH))
    assert page.count("<script>") == 1
    assert "<script>alert" not in page
    assert "careless/1 &lt;b&gt;" in page
    assert "b" in Cells(page).tags, "our own bold"
    assert "&lt;script&gt;alert(1)&lt;/script&gt;|**粗**&amp;amp;{{reports}}" in page
    markdown = to_markdown(contents_of(unsure, Lang.ZH))
    assert "<script>" not in re.sub(r"\\.", "", markdown)


def test_the_policy_admits_exactly_the_pages_own_style_and_script(unsure: Findings) -> None:
    page = to_html(contents_of(unsure, Lang.ZH))
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)
    for source in (script, style):
        assert f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}" in page
    assert not re.search(r"(?:src|srcset|action)\s*=|url\(|@import|https?://", page)
    assert all(target.startswith("#") for target in re.findall(r'href="([^"]*)"', page))


def test_without_confidences_the_report_says_so(unsure: Findings) -> None:
    assert figures_of(unsure)["calibration"] is None
    page = to_html(contents_of(unsure, Lang.EN))
    assert "gives no confidence" in page
    assert "cannot be ranked" in page


def test_with_confidences_it_shows_the_curves_and_what_the_gold_may_have_wrong(sure: Findings) -> None:
    page = to_html(contents_of(sure, Lang.ZH))
    assert page.count('class="curve"') == 2
    assert "可能的标注错误" in page
    assert len(sure.suspects) == 3, "the cut indicator of each report"
    calibration = figures_of(sure)["calibration"]
    assert isinstance(calibration, dict)
    assert calibration["records"] == 12


def test_a_perfect_score_has_no_errors_to_show(perfect: Findings) -> None:
    contents = contents_of(perfect, Lang.ZH)
    assert contents.cards == ()
    assert contents.summary[2] == "没有发现错误。"
    assert 'id="filters"' not in to_html(contents)


def test_an_error_shows_its_sentence_as_gold_and_as_found(unsure: Findings) -> None:
    cards = [card for card in contents_of(unsure, Lang.ZH).cards if card.report == "a"]
    missed, cut = cards[0], cards[1]
    assert (missed.cause, missed.predicted) == ("missed_quantity", ())
    assert [piece.text for piece in cut.gold if piece.slot == "indicator"] == ["改造老旧小区"]
    assert [piece.text for piece in cut.predicted if piece.slot == "indicator"] == ["老旧小区"]
    assert "".join(piece.text for piece in cut.gold) == "".join(piece.text for piece in cut.predicted)
    assert cut.differences == ("指标：标注 改造老旧小区，预测 老旧小区",)


def test_figures_are_the_same_each_time(unsure: Findings) -> None:
    def told() -> str:
        figures = figures_of(replace(unsure))
        return json.dumps(figures, sort_keys=True)

    assert told() == told()


def section(found: Findings, name: str, lang: Lang) -> Section | None:
    return next((one for one in contents_of(found, lang).sections if one.name == name), None)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_linking_names_the_rules_and_the_models_own_head(unsure: Findings, lang: Lang) -> None:
    linking = section(unsure, "linking", lang)
    assert linking is not None
    (table,) = [block for block in linking.blocks if isinstance(block, Table)]
    words = Words(lang)
    assert [row[0] for row in table.rows] == [words("linked_by_rules")] * 3 + [words("linked_by_model")] * 3
    assert words("linking_model", predictor="careless/1 <b>") in linking.blocks
    assert [row[-1] for row in table.rows[::3]] == ["1.000", f"{strict_f1(unsure, 'model'):.3f}"]
    rules = replace(unsure, linking={"rules": unsure.linking["rules"]})
    assert words("linking_rules_only") in to_markdown(contents_of(rules, lang))
    assert words("linking_rules_only") not in to_markdown(contents_of(unsure, lang))


def strict_f1(found: Findings, linker: str) -> float:
    return found.linking[linker].whole().records.strict.f1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_learning_curve_is_drawn_told_and_named(unsure: Findings, lang: Lang) -> None:
    learning = section(unsure, "learning", lang)
    assert learning is not None
    words = Words(lang)
    note, silver, *gains = [block for block in learning.blocks if isinstance(block, str)]
    assert "out/<b>.curve/curve.json" in note and silver == words("learning_silver_note")
    assert [("0.210" in gain, "0.780" in gain, "0.820" in gain) for gain in gains] == [
        (True, True, False),
        (False, False, True),
    ]
    (table,) = [block for block in learning.blocks if isinstance(block, Table)]
    assert [row[:2] for row in table.rows[4:6]] == [
        (words("learning_gold"), "25"),
        (words("learning_silver"), "1"),
    ]
    assert table.rows[4][4:] == ("0.780", "0.720–0.830", "0.820")
    (plot,) = [block for block in learning.blocks if isinstance(block, LinePlot)]
    assert [len(line.points) for line in plot.lines] == [5, 5]
    figure = re.findall(r"<figure>.*?</figure>", str(line_plot(plot)), re.S)[0]
    assert figure in to_html(contents_of(unsure, lang))
    assert words("learning_gold") in figure and words("learning_silver") in figure


def test_without_a_curve_there_is_no_such_section(unsure: Findings) -> None:
    bare = replace(unsure, curve=None)
    assert section(bare, "learning", Lang.ZH) is None
    assert figures_of(bare)["learning_curve"] is None


def test_a_curve_says_when_it_was_scored_on_dev_and_with_silver_alone(unsure: Findings) -> None:
    assert unsure.curve is not None
    curve = LearningCurve(unsure.curve.arm(silver=True)[:1], tuple("abcdefgh"), False, "c.json")
    learning = section(replace(unsure, curve=curve), "learning", Lang.EN)
    assert learning is not None
    note, silver, dev, *gains = [block for block in learning.blocks if isinstance(block, str)]
    assert "8 reports (a, b, c, d, e, and 3 more); 3 of these reports are evaluated here too" in note
    assert "Silver first" in silver and "dev reports" in dev and gains == []
    (plot,) = [block for block in learning.blocks if isinstance(block, LinePlot)]
    assert [line.name for line in plot.lines] == ["silver first"]
    assert "<circle" in line_plot(plot), "one point is drawn too"


def test_counts_that_stand_close_are_not_written_over_one_another() -> None:
    points = tuple((count, 0.8, 0.75, 0.9) for count in (1, 24, 25))
    drawn = line_plot(LinePlot("F1", "reports", (Line("gold", points),)))
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert "25" in shown and "1" in shown and "24" not in shown
    assert "0.75" in shown and "0.00" not in shown, "the axis begins where the lowest leaves room"
