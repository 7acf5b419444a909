"""Three implementations of the platform's crypto against the published vectors and each other:
the product's, the stand-in's and werobot's."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werobot.crypto import MessageCrypt
from werobot.utils import get_signature

from wechat.callback import Envelope, Malformed, Mode, Oversized
from wechat.crypto import AesKey, Crypto, CryptoFault
from wechat.sandbox.sealing import Sealer, Unreadable, sign

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors.json").read_text())
ACCOUNT = VECTORS["account"]
OTHER_KEY = "B" * 43


def crypto(aes_key: str = ACCOUNT["aes_key"], previous: str | None = None) -> Crypto:
    return Crypto(ACCOUNT["token"], ACCOUNT["appid"], aes_key, previous)


def sealer(aes_key: str = ACCOUNT["aes_key"], appid: str = ACCOUNT["appid"]) -> Sealer:
    return Sealer(appid, aes_key)


def werobot() -> MessageCrypt:
    return MessageCrypt(ACCOUNT["token"], ACCOUNT["aes_key"], ACCOUNT["appid"])


@pytest.mark.parametrize("name", ["url_check", "plain_message", "safe_message"])
def test_published_url_signatures(name: str) -> None:
    told = VECTORS[name]
    assert crypto().url_signed(told["signature"], told["timestamp"], told["nonce"])
    assert sign(ACCOUNT["token"], told["timestamp"], told["nonce"]) == told["signature"]
    assert not crypto().url_signed(told["signature"], told["timestamp"], told["nonce"] + "0")


def test_published_message_is_opened() -> None:
    told = VECTORS["safe_message"]
    parts = told["timestamp"], told["nonce"], told["encrypt"]
    assert crypto().message_signed(told["msg_signature"], *parts)
    assert sign(ACCOUNT["token"], *parts) == told["msg_signature"]
    message = told["opened"]["message"].encode()
    assert len(message) == told["opened"]["length"]
    assert crypto().open(told["encrypt"]).message == message
    assert sealer().decrypt(told["encrypt"]) == message
    again = sealer().encrypt(message, told["opened"]["salt"].encode())
    assert again == told["encrypt"]


def test_published_reply_is_made_byte_for_byte() -> None:
    told = VECTORS["reply"]
    message, salt = told["message"].encode(), told["salt"].encode()
    sealed = crypto().seal(message, timestamp=told["timestamp"], nonce=told["nonce"], salt=salt)
    assert (sealed.encrypt, sealed.msg_signature) == (told["encrypt"], told["msg_signature"])
    assert sealer().encrypt(message, salt) == told["encrypt"]


def test_published_envelope_is_opened_as_xml_and_json() -> None:
    told = VECTORS["safe_message"]
    query = {key: told[key] for key in ("timestamp", "nonce", "signature", "msg_signature")}
    fields = {"ToUserName": told["to_user_name"], "Encrypt": told["encrypt"]}
    inner = "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in fields.items())
    for body in (json.dumps(fields).encode(), f"<xml>{inner}</xml>".encode()):
        incoming = Envelope(crypto(), Mode.SAFE).open(query, body)
        assert incoming.message == told["opened"]["message"].encode()


@settings(deadline=None)
@given(message=st.binary(max_size=200))
def test_all_three_read_each_other(message: bytes) -> None:
    sealed = crypto().seal(message, timestamp=1713424427, nonce="n")
    assert sealer().decrypt(sealed.encrypt) == message
    opened = werobot().decrypt_message("1713424427", "n", sealed.msg_signature, sealed.encrypt)
    assert opened == message
    assert crypto().open(sealer().encrypt(message)).message == message
    theirs = werobot().prp_crypto.encrypt(message, ACCOUNT["appid"]).decode()
    assert sealer().decrypt(theirs) == crypto().open(theirs).message == message


@settings(deadline=None)
@given(parts=st.lists(st.text(st.characters(codec="ascii"), max_size=12), min_size=4, max_size=4))
def test_signatures_agree_with_werobot(parts: list[str]) -> None:
    assert sign(*parts) == get_signature(*parts)


def test_previous_key_is_tried_and_answers() -> None:
    turning = crypto(OTHER_KEY, previous=ACCOUNT["aes_key"])
    opened = turning.open(sealer().encrypt(b"old"))
    assert (opened.message, opened.key) == (b"old", AesKey.parse(ACCOUNT["aes_key"]))
    reply = turning.seal(b"reply", timestamp=1, nonce="n", key=opened.key)
    assert sealer().decrypt(reply.encrypt) == b"reply"
    assert turning.open(sealer(OTHER_KEY).encrypt(b"new")).key == AesKey.parse(OTHER_KEY)


def padded(body: bytes, padding: bytes) -> str:
    """Encrypted as it stands, to make what no honest sender makes."""
    encryptor = AesKey.parse(ACCOUNT["aes_key"]).cipher().encryptor()
    return base64.b64encode(encryptor.update(body + padding) + encryptor.finalize()).decode()


SALT = b"s" * 16
BODY = SALT + (2).to_bytes(4, "big") + b"hi" + ACCOUNT["appid"].encode()
SPACE = 32 - len(BODY) % 32


@pytest.mark.parametrize(
    ("encrypt", "reason"),
    [
        ("not base64 at all!", "base64"),
        ("Größe", "base64"),
        ("", "blocks"),
        (base64.b64encode(b"x" * 48).decode(), "blocks"),
        (padded(BODY, b"\x00" * SPACE), "padding"),
        (padded(BODY, b"\x01" * (SPACE - 1) + b"\x02"), "padding"),
        (padded(b"a" * 31, b"\x21"), "padding"),
        (padded(b"a" * 10, b"\x16" * 22), "length"),
        (padded(b"a" * 16 + b"\xff\xff\xff\xff", b"\x0c" * 12), "length"),
        (sealer(appid="wxsomebodyelse0001").encrypt(b"hi", SALT), "appid"),
        (sealer(OTHER_KEY).encrypt(b"hi", SALT), "padding"),
    ],
)
def test_a_forged_message_is_refused(encrypt: str, reason: str) -> None:
    with pytest.raises(CryptoFault) as fault:
        crypto().open(encrypt)
    assert fault.value.reason == reason
    with pytest.raises((Unreadable, UnicodeError, ValueError)):
        sealer().decrypt(encrypt)


@settings(deadline=None)
@given(position=st.integers(0, 10_000), change=st.integers(1, 255))
def test_a_mutated_message_gives_its_one_error(position: int, change: int) -> None:
    sealed = bytearray(base64.b64decode(VECTORS["safe_message"]["encrypt"]))
    sealed[position % len(sealed)] ^= change
    try:
        crypto().open(base64.b64encode(sealed).decode())
    except CryptoFault:
        return
    # CBC alone does not notice changed bytes inside the message: the signature does.
    encrypt = base64.b64encode(sealed).decode()
    told = VECTORS["safe_message"]
    parts = told["timestamp"], told["nonce"], encrypt
    assert not crypto().message_signed(told["msg_signature"], *parts)


def safe_query(encrypt: str) -> dict[str, str]:
    signature = sign(ACCOUNT["token"], "1", "n", encrypt)
    return {"timestamp": "1", "nonce": "n", "msg_signature": signature}


def test_modes_are_ours_to_choose() -> None:
    plain = b"<xml><MsgType>text</MsgType></xml>"
    query = {"timestamp": "1", "nonce": "n", "signature": sign(ACCOUNT["token"], "1", "n")}
    incoming = Envelope(crypto(), Mode.PLAIN).open(query, plain)
    assert incoming.message == plain
    assert Envelope(crypto(), Mode.PLAIN).reply(incoming, plain, timestamp=1) == plain
    for mode in (Mode.SAFE, Mode.COMPAT):
        with pytest.raises(CryptoFault) as fault:
            Envelope(crypto(), mode).open(query, plain)
        assert fault.value.reason == "plaintext"


def test_compatible_mode_believes_only_the_encrypted_part() -> None:
    encrypt = sealer().encrypt(b"<xml><Content>true</Content></xml>")
    body = f"<xml><Content>forged</Content><Encrypt>{encrypt}</Encrypt></xml>".encode()
    incoming = Envelope(crypto(), Mode.COMPAT).open(safe_query(encrypt), body)
    assert incoming.message == b"<xml><Content>true</Content></xml>"


@pytest.mark.parametrize(
    "body",
    [
        b"<xml><Encrypt>half",
        b"",
        b"{",
        b"\xff\xfe",
        b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
        b"<!DOCTYPE x><xml><Encrypt>a</Encrypt></xml>",
        b'<!DOCTYPE x [<!ENTITY e "b">]><xml><Encrypt>&e;</Encrypt></xml>',
        b"[" * 60_000,
        b'{"Encrypt":' + b"[" * 60_000,
        b"<xml>" + b"<a>" * 20_000,
    ],
)
def test_odd_envelopes_are_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        Envelope(crypto(), Mode.SAFE).open(safe_query("a"), body)


def test_an_entity_inside_the_encrypted_part_is_malformed() -> None:
    encrypt = sealer().encrypt(b'<!doctype x [<!ENTITY e "b">]><xml>&e;</xml>')
    body = json.dumps({"Encrypt": encrypt}).encode()
    with pytest.raises(Malformed):
        Envelope(crypto(), Mode.SAFE).open(safe_query(encrypt), body)


def test_a_surrogate_in_the_query_is_only_a_wrong_signature() -> None:
    query = {"signature": "\ud800", "timestamp": "\ud800", "nonce": "n"}
    with pytest.raises(CryptoFault):
        Envelope(crypto(), Mode.PLAIN).open(query, b"<xml/>")


def test_a_huge_body_is_not_even_parsed() -> None:
    with pytest.raises(Oversized):
        Envelope(crypto(), Mode.SAFE).open({}, b"<" * (64 * 1024 + 1))


def test_success_and_silence_are_never_encrypted() -> None:
    encrypt = sealer().encrypt(b"<xml/>")
    body = json.dumps({"Encrypt": encrypt}).encode()
    envelope = Envelope(crypto(), Mode.SAFE)
    incoming = envelope.open(safe_query(encrypt), body)
    assert envelope.reply(incoming, b"success", timestamp=1) == b"success"
    assert envelope.reply(incoming, b"", timestamp=1) == b""
    assert b"<Encrypt>" in envelope.reply(incoming, b"<xml/>", timestamp=1)


@pytest.mark.parametrize("encoded", ["", "A" * 42, "A" * 44, "A" * 42 + "+", "汉" * 43])
def test_a_wrong_aes_key_is_refused_at_once(encoded: str) -> None:
    with pytest.raises(ValueError, match="43"):
        AesKey.parse(encoded)


def test_a_key_never_shows_itself() -> None:
    assert ACCOUNT["aes_key"] not in repr(AesKey.parse(ACCOUNT["aes_key"]))
    assert "key=" not in repr(AesKey.parse(ACCOUNT["aes_key"]))
