"""Size, time and number of requests: what is refused, how, and that the service is well afterwards."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

Until = Callable[[Callable[[], bool]], None]
WAIT = "等等，新建公园3个。"
TEXT = "全年新建公园3个。"


@pytest.mark.parametrize("chunked", [False, True], ids=["stated", "chunked"])
def test_what_is_too_large_is_refused_and_told(chunked: bool, rules: Any) -> None:
    body = json.dumps({"text": "三" * (2 << 20)}, ensure_ascii=False).encode()
    content = (body[at : at + 65536] for at in range(0, len(body), 65536)) if chunked else body
    headers = {"content-type": "application/json"}
    answer = rules.client.post("/extract", content=content, headers=headers)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"
    assert "1,048,576 bytes" in answer.json()["error"]["message"]
    assert rules.extract(TEXT).status_code == 200


def test_the_largest_that_is_taken_is_taken(rules: Any) -> None:
    bare = len(json.dumps({"text": ""}))
    body = json.dumps({"text": "a" * ((1 << 20) - bare)}).encode()
    assert len(body) == 1 << 20
    headers = {"content-type": "application/json"}
    assert rules.client.post("/extract", content=body, headers=headers).status_code == 200
    assert rules.client.post("/extract", content=body + b" ", headers=headers).status_code == 413


def test_one_more_than_the_limit_is_told_to_come_again(serve: Any, held: Any, until: Until) -> None:
    service = serve(lambda: held, concurrency=2)
    with ThreadPoolExecutor(2) as pool:
        taken = [pool.submit(service.extract, WAIT) for _ in range(2)]
        until(lambda: service.metric("zhibiao_in_flight") == 2)
        refused = httpx.post(f"{service.url}/extract", json={"text": TEXT})
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert refused.json()["error"]["code"] == "busy"
        assert service.client.get("/health").status_code == 200
        held.released.set()
        assert [one.result().status_code for one in taken] == [200, 200]
    assert service.extract(TEXT).status_code == 200


@pytest.mark.slow
def test_an_answer_that_takes_too_long_is_given_up(serve: Any, held: Any, until: Until) -> None:
    service = serve(lambda: held, timeout=2)
    answer = service.extract(WAIT)
    assert answer.status_code == 504
    assert answer.json()["error"]["code"] == "timeout"
    assert service.extract(TEXT, id="never").status_code == 504  # the predictor is still held
    held.released.set()
    until(lambda: service.extract(TEXT).status_code == 200)
    assert ["never"] not in held.batches  # nobody waited for it any more


def test_a_request_that_does_not_arrive_is_given_up(serve: Any) -> None:
    service = serve(timeout=0.2)
    host, port = service.url.removeprefix("http://").split(":")
    head = f"POST /extract HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=120) as client:
        client.sendall(head.encode() + b'{"text"')
        assert client.recv(1000).startswith(b"HTTP/1.1 408 ")


def test_requests_that_wait_become_one_batch(serve: Any, held: Any, until: Until) -> None:
    service = serve(lambda: held)
    names = [f"r{n}" for n in range(6)]
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(service.extract, WAIT, id="first")
        assert held.reached.wait(120)
        others = [pool.submit(service.extract, TEXT, id=name) for name in names]
        until(lambda: service.service.predicting.waiting == len(names))
        held.released.set()
        assert first.result().json()["records"]
        assert [one.result().json()["document"]["id"] for one in others] == names
    assert [sorted(batch) for batch in held.batches] == [["first"], names]
    assert service.metric("zhibiao_batch_documents_sum") == 7
    assert service.metric("zhibiao_batch_documents_count") == 2


def test_a_batch_has_no_more_characters_than_allowed(serve: Any, held: Any, until: Until) -> None:
    service = serve(lambda: held, batch_characters=2 * len(TEXT))
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(service.extract, WAIT)]
        assert held.reached.wait(120)
        asked += [pool.submit(service.extract, TEXT) for _ in range(5)]
        until(lambda: service.service.predicting.waiting == 5)
        held.released.set()
        assert all(one.result().status_code == 200 for one in asked)
    assert [len(batch) for batch in held.batches] == [1, 2, 2, 1]


def test_a_failure_in_a_batch_costs_only_its_own(serve: Any, fussy: Any, held: Any, until: Until) -> None:
    class Both(type(held)):  # type: ignore[misc]
        def predict(self, documents: Any) -> Any:
            return fussy().predict([each.document for each in super().predict(documents)])

    both = Both()
    service = serve(lambda: both)
    texts = [TEXT, "坏的3个。", TEXT, "坏的4个。"]
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(service.extract, WAIT)
        assert both.reached.wait(120)
        asked = [pool.submit(service.extract, text) for text in texts]
        until(lambda: service.service.predicting.waiting == len(texts))
        both.released.set()
        assert [one.result().status_code for one in asked] == [200, 500, 200, 500]
        assert first.result().status_code == 200


def test_it_is_alive_before_it_is_ready(serve: Any, held: Any, until: Until) -> None:
    may_load = threading.Event()

    def load() -> Any:
        assert may_load.wait(120)
        return held

    service = serve(load, wait=False)
    until(lambda: service.alive())
    ready = service.client.get("/ready")
    assert (ready.status_code, ready.json()["state"]) == (503, "loading")
    refused = service.extract(TEXT)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    may_load.set()
    until(lambda: service.client.get("/ready").status_code == 200)
    assert service.client.get("/ready").json() == {"state": "ready", "predictor": held.name}
    assert service.extract(TEXT).status_code == 200
