"""Requests made from the OpenAPI description, right and wrong: answers keep to it, none is a fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

OPERATIONS = {
    ("GET", "/health"),
    ("GET", "/metrics"),
    ("GET", "/ready"),
    ("POST", "/extract"),
    ("POST", "/extract/batch"),
    ("POST", "/predict"),
    ("POST", "/setup"),
    ("POST", "/webhook"),
}
CASES = [
    (name, mode)
    for name in sorted(OPERATIONS)
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if mode is GenerationMode.POSITIVE or name[0] == "POST"  # nothing can be wrong in a bare GET
]
BOUNDED = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def operations(everything: Any) -> Iterator[dict[tuple[str, str], Any]]:
    schema = schemathesis.openapi.from_url(f"{everything.url}/openapi.json")
    found = [each.ok() for each in schema.get_all_operations()]
    yield {(operation.method.upper(), operation.path): operation for operation in found}


def test_all_operations_are_asked(operations: dict[tuple[str, str], Any]) -> None:
    assert set(operations) == OPERATIONS


@pytest.mark.parametrize(("name", "mode"), CASES, ids=lambda each: getattr(each, "value", " ".join(each)))
def test_answers_keep_to_the_description(
    name: tuple[str, str], mode: GenerationMode, operations: dict[tuple[str, str], Any]
) -> None:
    operation = operations[name]

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        # A file of random bytes, or a screen that is none, fits its schema and is rightly refused.
        unreadable = case.path in ("/predict", "/setup") or "multipart" in str(case.media_type)
        case.call_and_validate(excluded_checks=[positive_data_acceptance] if unreadable else [])

    ask()
