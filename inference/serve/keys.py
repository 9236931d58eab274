"""The API key: as a bearer token, in X-API-Key, or as the password of Basic authentication.

Basic is what Label Studio and browsers can send; the user's name does not matter.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping

from inference.serve.refusals import RefusedError

__all__ = ["check_key"]


def check_key(headers: Mapping[bytes, bytes], key: str | None) -> None:
    """RefusedError unless a header holds the key; how long this takes does not depend on where it differs."""
    if key is None:
        return
    offered = (headers.get(b"x-api-key"), _in_authorization(headers.get(b"authorization", b"")))
    matches = [hmac.compare_digest(one or b"", key.encode()) for one in offered]
    if not any(matches):
        raise RefusedError(
            401,
            "the API key is missing or wrong; send it as `Authorization: Bearer KEY`, as `X-API-Key: KEY`, "
            "or as the password of Basic authentication",
            headers={"WWW-Authenticate": 'Basic realm="zhibiao", charset="UTF-8"'},
        )


def _in_authorization(header: bytes) -> bytes | None:
    scheme, _, rest = header.partition(b" ")
    if scheme.lower() == b"bearer":
        return rest.strip()
    if scheme.lower() != b"basic":
        return None
    try:
        return base64.b64decode(rest.strip(), validate=True).partition(b":")[2]
    except binascii.Error:
        return None
