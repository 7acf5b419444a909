"""The floors of the chat: what a message costs at least, with the product's own envelope.

Each takes the very requests the product takes: signature, decryption, parsing, one ``lcut`` of what
was written, an encrypted reply. ``echo`` does no more. The others do, by hand and one by one, the
statements of the product's turn (``tests/bench`` holds both to the same rows): nothing is
understood, decided, checked or sealed, and the reply is made of a few words.
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
from models.queries.chat import _LOCK, _SAVED, _TALK, _TALKING
from models.queries.progress import _OPEN, _OPEN_REGISTRATIONS, _SHOWN
from wechat import replies
from wechat.callback import Envelope, Mode
from wechat.crypto import Crypto

App = Sanic[Any, Any]
Saying = Callable[[App, Any, list[str]], Awaitable[str]]

_OPENED = f"""
SELECT (SELECT a.body FROM stored_answers a WHERE a.scope = $3 AND a.key = $4) AS answered,
       NOT pg_try_advisory_xact_lock_shared({_LOCK.format("$1::text", "$2::text")}) AS busy,
       {_TALK}
FROM (SELECT 1) AS one
LEFT JOIN conversations c ON c.appid = $1 AND c.openid = $2
LEFT JOIN persons p ON p.id = c.person_id
"""  # noqa: S608 - only the constants above are put into it
_NEWEST = """
SELECT json_build_array(e.subject, e.name, o.name, e.happened_at, e.data)
FROM events e LEFT JOIN organizations o ON o.id = e.organization_id
WHERE e.application_id = a.id ORDER BY e.id DESC LIMIT 1"""
_ONLY = f"""
WITH open AS (
    (SELECT 'application' AS kind, a.id FROM applications a
      WHERE a.owner_id = $1 AND a.stage IN {_OPEN} LIMIT 2)
    UNION
    (SELECT 'application', a.id FROM enterprise_members m
       JOIN applications a ON a.enterprise_id = m.enterprise_id
      WHERE m.person_id = $1 AND a.stage IN {_OPEN} LIMIT 2)
    UNION
    (SELECT 'registration', g.id FROM registrations g
      WHERE g.owner_id = $1 AND g.state IN {_OPEN_REGISTRATIONS} LIMIT 2)
    UNION
    (SELECT 'registration', g.id FROM enterprise_members mine
       JOIN enterprises e ON e.id = mine.enterprise_id
       JOIN enterprise_members theirs ON theirs.enterprise_id = e.id
       JOIN registrations g ON g.owner_id = theirs.person_id AND g.credit_code = e.credit_code
      WHERE mine.person_id = $1 AND g.state IN {_OPEN_REGISTRATIONS} LIMIT 2)
)
SELECT one.kind, one.case_id, one.count, {_SHOWN.format(events=_NEWEST)}
FROM (SELECT count(*) AS count, min(kind) AS kind, (array_agg(id))[1] AS case_id FROM open) AS one
LEFT JOIN applications a ON one.count = 1 AND one.kind = 'application' AND a.id = one.case_id
"""  # noqa: S608 - only constants are put into it
_RETURNED_FOR = "SELECT id, stage, faults_told, revisions FROM applications WHERE id = $1"
_MOVED = """
WITH moved AS (
    UPDATE conversations SET state_sealed = $6, version = version + 1, updated_at = $5
    WHERE id = $7 AND version = $8 RETURNING 1)
INSERT INTO stored_answers (scope, key, fingerprint, status, body, headers, created_at)
SELECT $1, $2, $3, 200, $4, '{}', $5 WHERE EXISTS (SELECT FROM moved)
ON CONFLICT (scope, key) DO NOTHING RETURNING id
"""
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
        if case["stage"] == "returned":
            await connection.fetchrow(_RETURNED_FOR, case["case_id"])
        said = _told(case)
        await connection.fetchval(
            _MOVED,
            *(scope, key, b"", said.encode(), now),
            *(talk["state_sealed"], talk["talk_id"], talk["talk_version"]),
        )
    return said


def _told(case: Any) -> str:
    requests = orjson.loads(case["requests"] or "[]")
    deadlines, newest = orjson.loads(case["deadlines"] or "[]"), case["events"]
    lines = [f"{case['year']}（{case['sequence']:06d}）号 {case['enterprise_name']}", case["stage"]]
    lines += [f"· {utility}：{state}" for _, utility, _, _, _, state, *_ in requests]
    lines += [str(deadlines[0][9])] if deadlines else []
    lines += [str(orjson.loads(newest)[1])] if newest else []
    return "\n".join(lines)


async def _answer(app: App, message: Any, words: list[str]) -> str:
    appid = app.ctx.settings.wechat_oa_appid
    scope, key, now = f"chat:{appid}", f"m{message.id}", datetime.now(UTC)
    said = f"已记下：{message.content}。请继续。"
    async with app.ctx.pool.acquire() as connection, connection.transaction():
        claimed = await connection.fetchval(_CLAIM, scope, key, b"", now)
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
        await connection.execute(_SAVED, talk["talk_id"], talk["state_sealed"], now)
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
