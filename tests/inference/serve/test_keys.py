"""The API key: where it is taken from a request, what happens without it, and that nobody ever reads it."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from inference.serve import Settings
from inference.serve.keys import check_key
from inference.serve.refusals import RefusedError
from zhibiao.errors import ConfigError

KEY = "0123456789abcdefghij"
TEXT = {"text": "全年新建公园3个。"}


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"anybody:{password}".encode()).decode()


@pytest.fixture
def guarded(serve: Any) -> Any:
    return serve(key=KEY)


def test_the_ways_to_bring_the_key(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    service = serve(key=KEY)
    post = service.client.post
    for headers in (
        {"Authorization": f"Bearer {KEY}"},
        {"authorization": f"bearer {KEY}"},
        {"X-API-Key": KEY},
        {"Authorization": basic(KEY)},
    ):
        assert post("/extract", json=TEXT, headers=headers).status_code == 200
    for headers in (
        {},
        {"Authorization": f"Bearer {KEY[:-1]}"},
        {"Authorization": f"Bearer {KEY}x"},
        {"Authorization": basic("wrong")},
        {"Authorization": "Basic ???"},
        {"Authorization": KEY},
        {"X-API-Key": ""},
    ):
        refused = post("/extract", json=TEXT, headers=headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "no_key")
        assert refused.headers["www-authenticate"].startswith("Basic ")
        assert KEY not in refused.text
    assert KEY not in caplog.text


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/metrics", "/nowhere"])
def test_everything_else_needs_the_key_too(path: str, guarded: Any) -> None:
    assert guarded.client.get(path).status_code == 401
    assert guarded.client.get(path, headers={"X-API-Key": KEY}).status_code in (200, 404)


def test_load_balancers_need_none(guarded: Any) -> None:
    assert guarded.client.get("/health").status_code == 200
    assert guarded.client.get("/ready").status_code == 200


def test_no_key_no_question() -> None:
    check_key({}, None)
    with pytest.raises(RefusedError):
        check_key({}, KEY)


@pytest.mark.parametrize(
    "key",
    ["short", "", "with a blank in the middle", "密码密码密码密码密码密码密码密码", "0123456789abcdef\n"],
)
def test_what_is_no_key_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ConfigError, match="openssl rand") as error:
        Settings(key=key)
    assert not key or key not in str(error.value)


def test_settings_never_show_the_key() -> None:
    assert KEY not in repr(Settings(key=KEY))


@pytest.mark.parametrize("name", ["max_bytes", "max_reports", "timeout", "concurrency", "batch_characters"])
def test_limits_are_above_nothing(name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Settings(**{name: 0})
