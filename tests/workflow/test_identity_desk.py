"""The desk: QR, confirmation on the phone, second factor; each once, each with its limits."""

import asyncio
from typing import Any

import pyotp
import pytest

from models import AuditEntry, Membership, Person
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code, DomainError
from tests.workflow.identity_world import DAYE, World, world
from workflow.people import desk, totp
from workflow.people.identity import ANONYMOUS, SessionKind, actor_of

__all__ = ["world"]


def code_at(world: World, secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(world.clock.at.timestamp()) + 30 * steps)


def wrong(world: World, secret: str) -> str:
    good = {code_at(world, secret, steps) for steps in range(-2, 3)}
    return next(each for each in ("000000", "111111", "222222") if each not in good)


async def clerk(world: World) -> Actor:
    person = await world.person()
    await world.employ(person, Role.WINDOW_CLERK, DAYE, OrgKind.WINDOW, "window")
    return await world.actor(person)


async def enrolled(world: World, actor: Actor) -> str:
    """Take over a secret and prove it; then let its time step pass."""
    secret: str = (await world.act(actor, totp.enrol, totp.Enrol()))["secret"]
    await world.act(actor, totp.confirm, totp.Prove(totp=code_at(world, secret)))
    world.clock.forward(seconds=60)
    return secret


async def shown_qr(world: World) -> dict[str, Any]:
    return await world.act(ANONYMOUS, desk.open_login)


async def finish(world: World, login: dict[str, Any], code: str) -> dict[str, Any]:
    body = desk.Finish(secret=login["secret"], totp=code)
    return await world.act(ANONYMOUS, desk.finish, login["id"], body)


async def refusal(awaited: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        await awaited
    return refused.value


async def test_the_whole_way_to_a_desk_session(world: World) -> None:
    actor = await clerk(world)
    secret = await enrolled(world, actor)
    login = await shown_qr(world)
    assert login["qr"] == f"https://bz.example.cn/desk/confirm?id={login['id']}"
    assert login["secret"] not in login["qr"]
    look = await desk.look(world.services, login["id"], login["secret"])
    assert look["state"] == "waiting"
    await world.act(actor, desk.confirm, login["id"])
    look = await desk.look(world.services, login["id"], login["secret"])
    assert (look["state"], look["totp"]) == ("confirmed", True)
    answer = await finish(world, login, code_at(world, secret))
    seated = await actor_of(world.services.tokens, answer["token"], world.clock.at)
    assert (seated.on_desk, seated.person) == (True, actor.person)
    assert (await desk.look(world.services, login["id"], login["secret"]))["state"] == "finished"
    actions = [row.action for row in await AuditEntry.all().order_by("id")]
    assert actions == ["totp_offer", "totp_confirm", "sign_in"]


async def test_a_qr_works_once(world: World) -> None:
    actor = await clerk(world)
    secret = await enrolled(world, actor)
    login = await shown_qr(world)
    await world.act(actor, desk.confirm, login["id"])
    again = await refusal(world.act(actor, desk.confirm, login["id"]))
    assert again.code is Code.NOT_FOUND
    await finish(world, login, code_at(world, secret))
    world.clock.forward(seconds=30)
    again = await refusal(finish(world, login, code_at(world, secret)))
    assert (again.code, again.data["state"]) == (Code.CONFLICT, "finished")


async def test_a_qr_waits_two_minutes(world: World) -> None:
    actor = await clerk(world)
    await enrolled(world, actor)
    login = await shown_qr(world)
    world.clock.forward(minutes=2)
    assert (await desk.look(world.services, login["id"], login["secret"]))["state"] == "expired"
    assert (await refusal(world.act(actor, desk.confirm, login["id"]))).code is Code.NOT_FOUND


async def test_without_its_secret_a_login_does_not_exist(world: World) -> None:
    actor = await clerk(world)
    secret = await enrolled(world, actor)
    login, other = await shown_qr(world), await shown_qr(world)
    await world.act(actor, desk.confirm, login["id"])
    for given in (None, "", other["secret"], login["secret"].swapcase()):
        found = await refusal(desk.look(world.services, login["id"], given))
        assert found.code is Code.NOT_FOUND
    body = desk.Finish(secret=other["secret"], totp=code_at(world, secret))
    stolen = await refusal(world.act(ANONYMOUS, desk.finish, login["id"], body))
    assert stolen.code is Code.NOT_FOUND


async def test_only_staff_confirms_and_only_from_the_phone(world: World) -> None:
    login = await shown_qr(world)
    applicant = await world.actor(await world.person())
    assert (await refusal(world.act(applicant, desk.confirm, login["id"]))).code is Code.FORBIDDEN
    actor = await clerk(world)
    assert actor.person is not None
    seated = await world.actor(actor.person, SessionKind.DESK)
    assert (await refusal(world.act(seated, desk.confirm, login["id"]))).code is Code.FORBIDDEN
    unfactored = await refusal(world.act(actor, desk.confirm, login["id"]))
    assert unfactored.code is Code.TOTP_NEEDED


async def test_unconfirmed_it_cannot_be_finished(world: World) -> None:
    login = await shown_qr(world)
    assert (await refusal(finish(world, login, "123456"))).code is Code.CONFLICT


async def test_who_left_meanwhile_gets_no_desk(world: World) -> None:
    actor = await clerk(world)
    secret = await enrolled(world, actor)
    login = await shown_qr(world)
    await world.act(actor, desk.confirm, login["id"])
    await Membership.filter(person_id=actor.person).update(ended_at=world.clock.at)
    assert (await refusal(finish(world, login, code_at(world, secret)))).code is Code.FORBIDDEN


async def test_a_time_step_is_accepted_once(world: World) -> None:
    actor = await clerk(world)
    secret = await enrolled(world, actor)
    for expected in (None, Code.TOTP_WRONG):
        login = await shown_qr(world)
        await world.act(actor, desk.confirm, login["id"])
        if expected is None:
            await finish(world, login, code_at(world, secret))
        else:
            replay = await refusal(finish(world, login, code_at(world, secret)))
            assert replay.code is expected
            older = await refusal(finish(world, login, code_at(world, secret, -1)))
            assert older.code is expected


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
async def test_a_clock_half_a_minute_off_is_fine(world: World, steps: int, good: bool) -> None:
    actor = await clerk(world)
    secret = await enrolled(world, actor)
    login = await shown_qr(world)
    await world.act(actor, desk.confirm, login["id"])
    given = code_at(world, secret, steps)
    if good:
        assert (await finish(world, login, given))["token"]
    else:
        assert (await refusal(finish(world, login, given))).code is Code.TOTP_WRONG


async def test_five_failures_lock_for_a_quarter_of_an_hour(world: World) -> None:
    actor = await clerk(world)
    secret = await enrolled(world, actor)
    login = await shown_qr(world)
    await world.act(actor, desk.confirm, login["id"])
    for left in (4, 3, 2, 1):
        failed = await refusal(finish(world, login, wrong(world, secret)))
        assert (failed.code, failed.data["left"]) == (Code.TOTP_WRONG, left)
    fifth = await refusal(finish(world, login, wrong(world, secret)))
    assert (fifth.code, fifth.data["retry_after"]) == (Code.LOCKED_OUT, 900)
    right = await refusal(finish(world, login, code_at(world, secret)))
    assert right.code is Code.LOCKED_OUT
    assert await AuditEntry.filter(action="totp_fail", success=False).count() == 4
    assert await AuditEntry.filter(action="totp_lock", success=False).count() == 1
    world.clock.forward(minutes=15)
    later = await shown_qr(world)
    await world.act(actor, desk.confirm, later["id"])
    assert (await finish(world, later, code_at(world, secret)))["token"]


async def test_guesses_at_once_are_all_counted(world: World) -> None:
    actor = await clerk(world)
    secret = await enrolled(world, actor)
    login = await shown_qr(world)
    await world.act(actor, desk.confirm, login["id"])
    guesses = [refusal(finish(world, login, wrong(world, secret))) for _ in range(8)]
    codes = [each.code for each in await asyncio.gather(*guesses)]
    assert codes.count(Code.TOTP_WRONG) == 4
    assert codes.count(Code.LOCKED_OUT) == 4


async def test_the_secret_is_sealed_and_needs_its_first_code(world: World) -> None:
    actor = await clerk(world)
    offer = await world.act(actor, totp.enrol, totp.Enrol())
    assert offer["uri"].startswith("otpauth://totp/")
    row = await Person.get(id=actor.person)
    assert row.totp_sealed is None
    assert row.totp_pending_sealed is not None
    assert offer["secret"].encode() not in bytes(row.totp_pending_sealed)
    bad = totp.Prove(totp=wrong(world, offer["secret"]))
    assert (await refusal(world.act(actor, totp.confirm, bad))).code is Code.TOTP_WRONG
    assert (await Person.get(id=actor.person)).totp_failures == 1


async def test_replacing_the_factor_needs_the_old_one(world: World) -> None:
    actor = await clerk(world)
    assert actor.person is not None
    secret = await enrolled(world, actor)
    desk_token, _ = await world.session(actor.person, SessionKind.DESK)
    bare = await refusal(world.act(actor, totp.enrol, totp.Enrol()))
    assert bare.code is Code.TOTP_NEEDED
    proof = totp.Enrol(totp=code_at(world, secret))
    fresh = (await world.act(actor, totp.enrol, proof))["secret"]
    world.clock.forward(seconds=60)
    await world.act(actor, totp.confirm, totp.Prove(totp=code_at(world, fresh)))
    with pytest.raises(DomainError, match="unauthenticated"):
        await actor_of(world.services.tokens, desk_token, world.clock.at)


async def test_an_applicant_has_no_second_factor(world: World) -> None:
    applicant = await world.actor(await world.person())
    assert (await refusal(world.act(applicant, totp.enrol, totp.Enrol()))).code is Code.FORBIDDEN


@pytest.mark.parametrize("typed", ["１２３４５６", " 123456 "])
def test_full_width_digits_are_understood(typed: str) -> None:
    assert totp.Prove(totp=typed).totp == "123456"


@pytest.mark.parametrize("typed", ["12345", "1234567", "12345a", "١٢٣٤٥٦", ""])
def test_anything_but_six_digits_is_no_code(typed: str) -> None:
    with pytest.raises(ValueError, match="totp"):
        totp.Prove(totp=typed)
