"""The floors of the chat: what a message costs at least, with the product's own envelope.

Each takes the very requests the product takes: signature, decryption, parsing, one ``lcut`` of what
was written, an encrypted reply. ``echo`` does no more. The others do, by hand, the statements of the
product's turn (``tests/bench`` holds both to the same rows): nothing is understood, decided,
checked or sealed, and the reply is made of a few words.
"""

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import jieba
import orjson
from sanic import Request, Sanic
from sanic.response import HTTPResponse
from wechatpy.parser import parse_message

from bot.addresses import OFFICIAL_ACCOUNT
from bot.door import query_of
from models.connections import Connection
from models.queries.chat import _HELD, _MOVED, _OPENED, _SAVED, _TALKING
from models.queries.progress import _ONLY
from wechat import replies
from wechat.callback import Envelope, Mode
from wechat.crypto import Crypto

App = Sanic[Any, Any]
Saying = Callable[[App, Any, list[str]], Awaitable[str]]

_CLAIM = """
INSERT INTO stored_answers (scope, key, fingerprint, headers, created_at)
VALUES ($1, $2, $3, '{}', $4) ON CONFLICT (scope, key) DO NOTHING RETURNING id"""
_DRAFT = "SELECT * FROM applications WHERE id = $1 FOR UPDATE"
_FILLED = """
UPDATE applications
SET fields = $2, personal_sealed = $3, revisions = $4, version = version + 1, utilities = $5,
    town = $6, enterprise_name = $7, credit_code = $8, project_code = $9, contact_lookup = $10,
    due_at = $11, updated_at = $12
WHERE id = $1"""
_NOTED = """
WITH entry AS (
    INSERT INTO audit (city, at, person_id, role, action, object_kind, object_id, success, detail,
                       correlation)
    VALUES ($1, $2, $3, 'applicant', 'save', 'application', $4, true, $5, ''))
UPDATE stored_answers SET status = 200, body = $6 WHERE id = $7"""


def echo(app: App) -> None:
    """What was written comes back."""

    async def said(_: App, message: Any, words: list[str]) -> str:
        return "".join(words)

    _install(app, said)


def status(app: App) -> None:
    """Where the writer's one case stands."""
    _with_pool(app)
    _install(app, _status)


def answer(app: App) -> None:
    """What was written goes into the writer's draft."""
    _with_pool(app)
    _install(app, _answer)


async def _status(app: App, message: Any, words: list[str]) -> str:
    appid = app.ctx.settings.wechat_oa_appid
    scope, key, now = f"chat:{appid}", f"m{message.id}", datetime.now(UTC)
    async with app.ctx.pool.acquire() as connection:
        talk = await connection.fetchrow(_OPENED, appid, message.source, scope, key)
        if talk["answered"] is not None:
            return str(talk["answered"].decode())
        case = await connection.fetchrow(_ONLY, talk["person_id"])
        said = _told(case)
        await connection.fetchval(
            _MOVED,
            *(scope, key, b"", said.encode(), now),
            *(talk["state_sealed"], talk["id"], talk["version"]),
        )
    return said


def _told(case: Any) -> str:
    requests = orjson.loads(case["requests"] or "[]")
    deadlines, events = (
        orjson.loads(case["deadlines"] or "[]"),
        orjson.loads(case["events"] or "[]"),
    )
    lines = [f"{case['year']}（{case['sequence']:06d}）号 {case['enterprise_name']}", case["stage"]]
    lines += [f"· {utility}：{state}" for _, utility, _, _, _, state, *_ in requests]
    lines += [str(deadlines[0][9])] if deadlines else []
    lines += [str(events[-1][1])] if events else []
    return "\n".join(lines)


async def _answer(app: App, message: Any, words: list[str]) -> str:
    appid = app.ctx.settings.wechat_oa_appid
    scope, key, now = f"chat:{appid}", f"m{message.id}", datetime.now(UTC)
    said = f"已记下：{message.content}。请继续。"
    async with app.ctx.pool.acquire() as connection, connection.transaction():
        claimed = await connection.fetchval(_CLAIM, scope, key, b"", now)
        await connection.fetchval(_HELD, appid, message.source)
        talk = await connection.fetchrow(_TALKING, appid, message.source)
        state = orjson.loads(talk["state_sealed"])  # left unsealed for it
        draft = await connection.fetchrow(_DRAFT, UUID(state["sheet"]["case"]))
        fields = {**orjson.loads(draft["fields"]), "needs.text": message.content}
        revisions = {**orjson.loads(draft["revisions"]), "needs.text": draft["version"] + 1}
        await connection.execute(
            _FILLED,
            *(draft["id"], _json(fields), draft["personal_sealed"], _json(revisions)),
            *(draft["utilities"], draft["town"], draft["enterprise_name"], draft["credit_code"]),
            *(draft["project_code"], draft["contact_lookup"], draft["due_at"], now),
        )
        await connection.execute(_SAVED, talk["id"], talk["state_sealed"], now)
        noted = _json({"fields": ["needs.text"]})
        await connection.execute(
            _NOTED,
            *(draft["city"], now, talk["person_id"], str(draft["id"]), noted),
            *(said.encode(), claimed),
        )
    return said


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _with_pool(app: App) -> None:
    """As many connections as the product has, given back as it gives them back."""

    async def open_pool(*_: object) -> None:
        app.ctx.pool = await asyncpg.create_pool(
            os.environ["DATABASE_URL"], min_size=1, max_size=8, connection_class=Connection
        )

    async def close_pool(*_: object) -> None:
        await app.ctx.pool.close()

    app.register_listener(open_pool, "before_server_start")
    app.register_listener(close_pool, "after_server_stop")


def _install(app: App, saying: Saying) -> None:
    """``POST /wechat/callback`` in safe mode, before it what is loaded once."""
    account = app.ctx.settings.oa
    token, key = account.token.get_secret_value(), account.aes_key.get_secret_value()
    envelope = Envelope(Crypto(token, account.appid, key), Mode.SAFE)
    jieba.initialize()

    async def push(request: Request) -> HTTPResponse:
        incoming = envelope.open(query_of(request), request.body)
        message: Any = parse_message(incoming.message.decode())
        words = jieba.lcut(message.content)
        said = await saying(app, message, words)
        now = int(datetime.now(UTC).timestamp())
        reply = replies.text(replies.Way(message.source, message.target, now), said)
        sealed = envelope.reply(incoming, reply, timestamp=now)
        return HTTPResponse(sealed, content_type="application/xml; charset=utf-8")

    app.add_route(push, OFFICIAL_ACCOUNT, methods=["POST"], name="push")
