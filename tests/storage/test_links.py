"""Download links: good for one content, one person, a few minutes."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import Code
from storage.links import Disposition, Link, LinkInvalid, LinkReason, Links

NOW = datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)
UPLOAD, OTHER = UUID(int=7), UUID(int=8)
PERSON, STRANGER = UUID(int=1), UUID(int=2)
DIGEST = "ab" * 32
LINKS = Links(b"k" * 32)


def token(ttl: timedelta = timedelta(minutes=5)) -> str:
    return LINKS.issue(UPLOAD, DIGEST, PERSON, now=NOW, ttl=ttl, disposition=Disposition.INLINE)


def reason_of(text: str, **known: UUID | datetime) -> LinkReason:
    now = known.pop("now", NOW)
    with pytest.raises(LinkInvalid) as refused:
        LINKS.verify(text, now=now, **known)  # type: ignore[arg-type]
    assert refused.value.code is Code.LINK_INVALID
    return refused.value.reason


def test_a_link_says_what_it_grants() -> None:
    link = LINKS.verify(token(), now=NOW, upload=UPLOAD, person=PERSON)
    expected = Link(UPLOAD, DIGEST, Disposition.INLINE, PERSON, NOW + timedelta(minutes=5))
    assert link == expected
    assert LINKS.verify(token(), now=NOW) == expected


def test_a_token_needs_no_escaping_in_an_address() -> None:
    assert token().replace("-", "").replace("_", "").isalnum()


def test_it_ends_to_the_second() -> None:
    LINKS.verify(token(), now=NOW + timedelta(minutes=5, microseconds=-1))
    assert reason_of(token(), now=NOW + timedelta(minutes=5)) is LinkReason.EXPIRED


def test_it_opens_nothing_else_and_for_nobody_else() -> None:
    assert reason_of(token(), upload=OTHER) is LinkReason.FOREIGN
    assert reason_of(token(), person=STRANGER) is LinkReason.FOREIGN


def test_every_changed_byte_is_noticed() -> None:
    raw = bytearray(base64.urlsafe_b64decode(token() + "=="))
    for i in range(len(raw)):
        raw[i] ^= 1
        forged = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        raw[i] ^= 1
        assert reason_of(forged) is LinkReason.INVALID


def test_another_key_signs_nothing_here() -> None:
    foreign = Links(b"K" * 32).issue(UPLOAD, DIGEST, PERSON, now=NOW)
    assert reason_of(foreign) is LinkReason.INVALID


@given(st.text(max_size=200) | st.binary(min_size=106, max_size=106))
def test_anything_else_is_refused(text: str | bytes) -> None:
    if isinstance(text, bytes):
        text = base64.urlsafe_b64encode(text).rstrip(b"=").decode()
    assert reason_of(text) is LinkReason.INVALID


@pytest.mark.parametrize("ttl", [timedelta(0), timedelta(hours=1, seconds=1)])
def test_links_are_short_lived(ttl: timedelta) -> None:
    with pytest.raises(ValueError, match="hour"):
        token(ttl)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        Links(b"short")
