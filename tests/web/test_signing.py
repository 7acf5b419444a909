"""Signed calls: whatever is wrong with one, the answer is the same 401."""

import asyncio
import json
import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from models import PlatformNonce
from tests.api.service import Service, problem
from tests.web.platform import BASE, Platform, platform_of, signature
from web.signing import Sent, sign

FEED = f"{BASE}/events"
DOCS = Path(__file__).parents[2] / "docs" / "integration.md"


def refused(response: httpx.Response) -> dict[str, Any]:
    """The one refusal, without what differs each time."""
    body = problem(response, 401, "signature_invalid")
    assert response.headers["www-authenticate"].startswith("HMAC-SHA256")
    del body["request_id"]
    return body


async def test_a_rightly_signed_call_is_answered(land: Platform) -> None:
    assert (await land.get("/events")).status_code == 200


async def test_the_worked_example_of_the_docs_is_right() -> None:
    """Both languages print it; the figures are computed here anew."""
    text = DOCS.read_text("utf-8")
    example = json.loads(re.findall(r"```json example\n(.*?)```", text, re.DOTALL)[0])
    body = example["body"].encode()
    parts = (example["method"], example["target"], example["timestamp"], example["nonce"])
    key = bytes.fromhex(example["key_hex"])
    sent = Sent(parts[0], parts[1].encode(), parts[2], parts[3], body)
    assert sent.text().decode() == example["text"]
    assert sign(key, sent) == signature(key, *parts, body) == example["signature"]
    assert text.count(example["signature"]) >= 2


@pytest.mark.parametrize("left_out", ["x-platform", "x-timestamp", "x-nonce", "x-signature"])
async def test_a_header_is_missing_or_doubled(land: Platform, left_out: str) -> None:
    headers = land.headers("GET", FEED)
    value = headers.pop(left_out)
    reference = refused(await land.send("GET", FEED, headers={}))
    assert refused(await land.send("GET", FEED, headers=headers)) == reference
    doubled = [*headers.items(), (left_out, value), (left_out, value)]
    assert refused(await land.http.get(FEED, headers=doubled)) == reference


async def test_every_fault_gets_the_same_answer(land: Platform, service: Service) -> None:
    now = time.time()
    right = land.headers("GET", FEED)
    forged = right | {"x-signature": "0" * 64}
    unknown = right | {"x-platform": "nobody@daye"}
    other_key = land.headers("GET", FEED)
    async with platform_of(service, "service@daye") as portal:
        other_key = portal.headers("GET", FEED) | {"x-platform": land.id}
    wrong = [
        forged,
        unknown,
        other_key,
        land.headers("GET", FEED, at=now - 301),
        land.headers("GET", FEED, at=now + 305),
        land.headers("GET", FEED, nonce="short"),
        land.headers("GET", FEED, nonce="x" * 65),
        right | {"x-timestamp": right["x-timestamp"] + ".0"},
        right | {"x-timestamp": "-1"},
        right | {"x-signature": right["x-signature"].upper()},
        right | {"x-nonce": "another-nonce-0123456789"},
    ]
    answers = [refused(await land.send("GET", FEED, headers=headers)) for headers in wrong]
    assert answers == [answers[0]] * len(wrong)


async def test_within_five_minutes_either_way(land: Platform) -> None:
    for off in (-290, 290):
        headers = land.headers("GET", FEED, at=time.time() + off)
        assert (await land.send("GET", FEED, headers=headers)).status_code == 200


async def test_the_second_use_of_a_nonce_is_refused_whatever_became_of_the_first(
    land: Platform,
) -> None:
    body = b"not json"
    headers = land.headers("POST", f"{BASE}/registrations", body)
    first = await land.send("POST", f"{BASE}/registrations", body, headers)
    problem(first, 400, "malformed")
    refused(await land.send("POST", f"{BASE}/registrations", body, headers))
    assert await PlatformNonce.filter(nonce=headers["x-nonce"]).count() == 1


async def test_a_forged_call_spends_no_nonce(land: Platform) -> None:
    headers = land.headers("GET", FEED)
    refused(await land.send("GET", FEED, headers=headers | {"x-signature": "f" * 64}))
    assert (await land.send("GET", FEED, headers=headers)).status_code == 200


async def test_two_platforms_may_use_the_same_nonce(land: Platform, portal: Platform) -> None:
    nonce = "the-same-nonce-for-both"
    for platform in (land, portal):
        headers = platform.headers("GET", FEED, nonce=nonce)
        assert (await platform.send("GET", FEED, headers=headers)).status_code == 200


async def test_the_query_is_signed_as_it_was_sent(land: Platform) -> None:
    signed = f"{FEED}?after=0&limit=5"
    assert (await land.send("GET", signed)).status_code == 200
    for sent in (f"{FEED}?limit=5&after=0", f"{FEED}?after=0&limit=6", FEED, f"{signed}&"):
        refused(await land.send("GET", sent, headers=land.headers("GET", signed)))


async def test_another_method_path_or_body_is_another_call(land: Platform) -> None:
    target = f"{BASE}/planning-permits"
    body = b'{"ref": "1"}'
    headers = land.headers("POST", target, body)
    refused(await land.send("POST", target, b'{"ref": "2"}', headers))
    refused(await land.send("POST", target, b"", headers))
    refused(await land.send("POST", f"{BASE}/registrations", body, headers))
    refused(await land.send("PUT", f"{BASE}/applications/1", body, headers))


async def test_an_empty_body_is_signed_like_any_other(land: Platform) -> None:
    problem(await land.send("POST", f"{BASE}/registrations"), 400, "malformed")


async def test_a_path_beyond_ascii_is_signed_as_percent_encoded(land: Platform) -> None:
    encoded = "%E5%A4%A7%E5%86%B6%2F1"
    missing = await land.get(f"/registrations/{encoded}")
    problem(missing, 404, "not_found")


async def test_a_body_too_large_is_refused_before_anything_else(land: Platform) -> None:
    body = b'{"ref": "' + b"x" * 1_100_000 + b'"}'
    problem(await land.send("POST", f"{BASE}/registrations", body), 413, "too_large")


async def test_a_token_of_a_person_opens_nothing_here(service: Service) -> None:
    window = await service.window("daye")
    refused(await window.get(FEED))
    async with platform_of(service, "zigui@daye") as land:
        path = "/api/v1/registrations"
        answer = await land.send("GET", f"{path}?city=daye")
        problem(answer, 401, "unauthenticated")


async def test_raw_bytes_in_a_path_are_refused_not_failed_on(service: Service) -> None:
    host, port = service.base_url.removeprefix("http://").split(":")
    for target in (b"/integration/v1/registrations/\xe5\xa4\xa7", b"/integration/v1/events?\xff=1"):
        reader, writer = await asyncio.open_connection(host, int(port))
        head = b"GET " + target + b" HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
        writer.write(head)
        status = (await reader.readline()).split()[1]
        writer.close()
        assert status in (b"400", b"401", b"404"), target
