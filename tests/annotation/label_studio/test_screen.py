from xml.etree.ElementTree import fromstring

from annotation.label_studio.screen import FIELDS, label_config
from zhibiao.schema import Kind, Label

SCREEN = fromstring(label_config())


def test_the_labels_are_those_of_the_schema_with_colours_keys_and_hints() -> None:
    labels = SCREEN.findall(".//Label")
    assert [label.get("alias") for label in labels] == [label.value for label in Label]
    assert all(label.get("hint") and label.get("value") for label in labels)
    assert len({label.get("background") for label in labels}) == 5


def test_no_key_does_two_things() -> None:
    keys = [element.get("hotkey") for element in SCREEN.iter() if element.get("hotkey")]
    assert len(keys) == len(set(keys)) == 5 + len(Kind) + 1


def test_every_field_of_a_quantity_has_a_control_that_shows_for_it_alone() -> None:
    (panel,) = SCREEN.findall(".//View[@visibleWhen='region-selected']")
    assert panel.get("whenLabelValue") == "VALUE,GROWTH"
    controls = [element for element in panel.iter() if element.get("perRegion")]
    assert {control.get("name") for control in controls} == set(FIELDS)
    assert [choice.get("alias") for choice in panel.findall(".//Choices[@name='kind']/Choice")] == list(Kind)


def test_the_text_is_marked_by_the_character_and_comes_back_with_its_quote() -> None:
    text = SCREEN.find(".//Text")
    assert text.get("granularity") == "symbol" and text.get("saveTextResult") == "yes"


def test_the_reports_metadata_are_shown() -> None:
    assert {"$title", "$about"} <= {header.get("value") for header in SCREEN.findall("Header")}
