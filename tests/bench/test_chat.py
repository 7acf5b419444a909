"""The bench of the chat: its people are the platform's, its floors do what the product does."""

import asyncio
from collections import Counter
from pathlib import Path

import xmltodict
from pydantic import SecretStr
from stdnum.cn import uscc
from werobot.crypto import MessageCrypt

from bench import chat, chat_form, chat_pace, chat_sayings, data, paced, submit, understanding
from bench.chat_people import People, Writer
from bench.chat_pushes import Pushes, texts
from bench.load import Shots, fire
from bot.understanding.types import Intent
from config.settings import WechatAccount
from tests.bench.given import migrated, written
from tests.bench.test_bench import answering
from tests.conftest import FreshDatabase
from tests.servers import Addresses

TOKEN, KEY, APPID = "AAAAA", "A" * 43, "wxba5fad812f8e6fb9"


def account() -> WechatAccount:
    """That of the platform's published examples."""
    token, key = SecretStr(TOKEN), SecretStr(KEY)
    return WechatAccount(APPID, SecretStr("s" * 32), token, key, original_id="gh_0123456789ab")


def test_messages_are_the_platforms_own() -> None:
    crypt = MessageCrypt(TOKEN, KEY, APPID)
    found = []
    for request in texts(Pushes(account()), [("oA1", "进度"), ("oB2", "办到哪了")]):
        head, _, body = request.decode().partition("\r\n\r\n")
        query = dict(part.split("=", 1) for part in head.split(" ")[1].partition("?")[2].split("&"))
        assert f"content-length: {len(body)}\r\n" in head + "\r\n"
        sealed = xmltodict.parse(body)["xml"]["Encrypt"]
        opened = crypt.decrypt_message(
            query["timestamp"], query["nonce"], query["msg_signature"], sealed
        )
        found.append(xmltodict.parse(opened)["xml"])
    assert [(each["FromUserName"], each["Content"]) for each in found] == [
        ("oA1", "进度"),
        ("oB2", "办到哪了"),
    ]
    assert found[0]["MsgId"] != found[1]["MsgId"]


async def test_load_goes_at_its_own_pace_and_counts_what_waited() -> None:
    requests = tuple(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n" for _ in range(40))
    due = paced.poisson(40, 400.0, 1)
    assert 0.05 < due[-1] < 0.2
    assert list(due) == sorted(due)
    async with answering("200 OK") as (port, asked):
        shot = paced.Paced(port, requests, due, connections=1, keep=True)
        volley = await asyncio.to_thread(paced.fire, shot)
    assert len(asked) == volley.answers == len(volley.kept) == len(volley.kept_ms) == 40
    assert volley.seconds > due[-1] - 0.002
    assert min(volley.kept_ms) > 0


async def test_a_late_answer_counts_from_when_it_was_due() -> None:
    """All at once over one connection: each waits for those before it."""
    requests = tuple(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n" for _ in range(30))
    async with answering("200 OK") as (port, _):
        shot = paced.Paced(port, requests, (0.0,) * 30, connections=1, keep=True)
        volley = await asyncio.to_thread(paced.fire, shot)
    assert list(volley.kept_ms) == sorted(volley.kept_ms)
    assert volley.p99_ms > volley.middle_ms > 0


def test_everybody_answers_in_his_own_way() -> None:
    fields = ("enterprise.name", "enterprise.credit_code", "contact.phone")
    writers = [Writer(f"o{n}") for n in range(50)]
    said = chat_form.answers(fields, writers, 1000)
    assert [openid for openid, _ in said] == [each.openid for each in writers] * 3
    assert len({text for _, text in said}) == 150
    assert all(uscc.is_valid(text) for _, text in said[50:100])
    assert chat_sayings.answer_to("needs.text", 1) is None


def test_fresh_questions_are_all_different() -> None:
    asked = {chat_sayings.fresh(number, "样例有限公司") for number in range(1000)}
    assert len(asked) == 1000


def test_the_words_for_status_mean_status() -> None:
    mind = understanding._loaded()
    fresh = [chat_sayings.fresh(number, "大冶样例铸造有限公司") for number in range(8)]
    for text in (*chat_sayings.STATUS, *fresh):
        assert mind.understand(text).intent is Intent.QUERY_STATUS, text


def test_a_round_holds_messages_of_all_kinds() -> None:
    asking, filling, others = ([Writer(f"{kind}{n}") for n in range(350)] for kind in "sfo")
    said = chat_pace.mixed(asking, filling, others, ("contact.name", "contact.phone"))
    assert len(said) == chat_pace.RATE * chat_pace.SECONDS
    kinds = Counter(openid[0] for openid, _ in said)
    assert all(kinds[kind] > 400 for kind in "sfo")
    answers = [openid for openid, _ in said if openid[0] == "f"]
    assert answers[:350] == [each.openid for each in filling]


async def test_both_read_and_keep_the_same(
    template: Addresses, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    ground, database = await migrated(template, fresh_database, tmp_path)
    drafts = await data.drafts(ground, database, 4)
    people = People.on(ground, database)
    words = chat_sayings.mixed(("进度",), 1)
    with ground.product(database) as product, ground.floor("chat_status", database) as floor:
        await asyncio.to_thread(fire, Shots(product.port, submit.subject(drafts)))
        writers = await people.with_case(4)
        await asyncio.to_thread(chat.met, people, product, writers)
        asked = texts(people.pushes, chat.questions(writers, words))
        real = await written(ground, database, product, asked)
        asked = texts(people.pushes, chat.questions(writers, words))
        by_hand = await written(ground, database, floor, asked)
        rate = await asyncio.to_thread(
            chat.asked, people, product, writers, chat.questions(writers, words)
        )
    assert real == by_hand == {"stored_answers": 12}
    assert rate > 0


async def test_both_save_the_same(
    template: Addresses, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    ground, database = await migrated(template, fresh_database, tmp_path)
    people = People.on(ground, database)
    with ground.product(database) as product, ground.floor("chat_answer", database) as floor:
        form = await asyncio.to_thread(chat_form.begun, people, product)
        found = []
        for running, sealed in ((product, True), (floor, False)):
            writers = await people.like(form.one, 3, sealed=sealed)
            said = chat_form.answers(form.fields, writers, 7)
            found.append(await written(ground, database, running, texts(people.pushes, said)))
    answers = 3 * chat_form.ANSWERS
    assert found == [{"stored_answers": answers, "audit": answers}] * 2
