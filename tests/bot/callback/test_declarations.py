"""Declarations of XML: refused before the root element, a mere text where people type them."""

import pytest

from bot.addresses import OFFICIAL_ACCOUNT
from tests.bot.callback.conftest import Running
from tests.bot.callback.sender import Sender, envelope, text

PAGE = "<!DOCTYPE html><!ENTITY e 'b'><p>我的进度</p>"
"""What somebody may paste into a chat."""


@pytest.mark.parametrize("said", [PAGE, "<!doctype html>", "看看 <!ENTITY x>", "<!--", "<?xml?>"])
async def test_a_declaration_typed_by_a_person_is_but_a_text(
    here: Running, oa: Sender, said: str
) -> None:
    answer = await here.post(OFFICIAL_ACCOUNT, *oa.safe(text(said)))
    assert (answer.status_code, answer.content) == (200, b"success")
    assert [heard.text for heard in here.talk.heard] == [said]


@pytest.mark.parametrize(
    "before",
    [b"", b"\xef\xbb\xbf", b"\n \t", b'<?xml version="1.0"?>', b"<!-- <xml> -->", b"<?a <xml>?>\n"],
)
async def test_a_declaration_before_the_root_is_refused_whatever_precedes_it(
    here: Running, oa: Sender, before: bytes
) -> None:
    declared = before + b'<!DOCTYPE x [<!ENTITY e "b">]>'
    encrypt = oa.encrypted(text())
    for query, body in (
        oa.safe(declared + text("&e;")),
        (oa.signed(encrypt), declared + envelope(encrypt)),
    ):
        assert (await here.post(OFFICIAL_ACCOUNT, query, body)).status_code == 400
    assert here.talk.heard == []
