"""Sealed personal data: what must open, what must not, and how keys rotate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.seal import Seal, SealBroken, SealError, SealKeyMissing, SealKeysInvalid

OLD, NEW, LOOKUP = b"\x01" * 32, b"\x02" * 32, b"\x03" * 32
PURPOSE = "application.personal"
SEAL = Seal({"2026-a": OLD}, "2026-a", LOOKUP)
ROTATED = Seal({"2026-a": OLD, "2026-b": NEW}, "2026-b", LOOKUP)


@given(st.binary(max_size=300))
def test_what_is_sealed_opens(plaintext: bytes) -> None:
    blob = SEAL.seal(plaintext, PURPOSE)
    assert SEAL.open(blob, PURPOSE) == plaintext
    if len(plaintext) > 3:
        assert plaintext not in blob


def test_the_same_value_never_looks_the_same() -> None:
    assert SEAL.seal(b"13800001234", PURPOSE) != SEAL.seal(b"13800001234", PURPOSE)


def test_another_purpose_does_not_open() -> None:
    with pytest.raises(SealBroken):
        SEAL.open(SEAL.seal(b"13800001234", PURPOSE), "registration.personal")


def test_every_flipped_bit_is_noticed() -> None:
    blob = SEAL.seal("测试企业".encode(), PURPOSE)
    for i in range(len(blob) * 8):
        changed = bytearray(blob)
        changed[i // 8] ^= 1 << (i % 8)
        with pytest.raises(SealError):
            SEAL.open(bytes(changed), PURPOSE)


def test_every_truncation_is_noticed() -> None:
    blob = SEAL.seal(b"13800001234", PURPOSE)
    for length in range(len(blob)):
        with pytest.raises(SealError):
            SEAL.open(blob[:length], PURPOSE)


@given(st.binary(max_size=80))
def test_any_bytes_give_a_typed_error(blob: bytes) -> None:
    with pytest.raises(SealError):
        SEAL.open(blob, PURPOSE)


def test_a_swapped_key_id_does_not_open() -> None:
    same_key = Seal({"a": OLD, "b": OLD}, "a", LOOKUP)
    blob = same_key.seal(b"x", PURPOSE)
    assert blob[2:3] == b"a"
    with pytest.raises(SealBroken):
        same_key.open(blob[:2] + b"b" + blob[3:], PURPOSE)


def test_rotation_opens_the_old_and_seals_with_the_new() -> None:
    old = SEAL.seal(b"13800001234", PURPOSE)
    assert ROTATED.open(old, PURPOSE) == b"13800001234"
    assert ROTATED.needs_reseal(old)
    new = ROTATED.seal(ROTATED.open(old, PURPOSE), PURPOSE)
    assert not ROTATED.needs_reseal(new)
    with pytest.raises(SealKeyMissing) as missing:
        SEAL.open(new, PURPOSE)
    assert missing.value.kid == "2026-b"


def test_lookup_is_stable_across_rotation_and_bound_to_key_and_purpose() -> None:
    phone = SEAL.lookup("13800001234", "person.phone")
    assert len(phone) == 32
    assert phone == ROTATED.lookup(b"13800001234", "person.phone")
    assert phone != SEAL.lookup("13800001234", "crew.phone")
    assert phone != SEAL.lookup("13800001235", "person.phone")
    assert phone != Seal({"a": OLD}, "a", b"\x04" * 32).lookup("13800001234", "person.phone")
    assert SEAL.lookup("bc", "a") != SEAL.lookup("c", "ab")


@pytest.mark.parametrize(
    ("keys", "active", "lookup", "reason"),
    [
        ({}, "a", LOOKUP, "active"),
        ({"a": OLD}, "b", LOOKUP, "active"),
        ({"a": OLD[:16]}, "a", LOOKUP, "16 bytes"),
        ({"": OLD}, "", LOOKUP, "key id"),
        ({"键": OLD}, "键", LOOKUP, "key id"),
        ({"k" * 33: OLD}, "k" * 33, LOOKUP, "key id"),
        ({"a": OLD}, "a", b"short", "look-up"),
        ({"a": OLD}, "a", OLD, "look-up"),
    ],
)
def test_unusable_keys_are_refused_without_showing_them(
    keys: dict[str, bytes], active: str, lookup: bytes, reason: str
) -> None:
    with pytest.raises(SealKeysInvalid, match=reason) as refused:
        Seal(keys, active, lookup)
    assert repr(OLD[:4])[2:-1] not in str(refused.value)
