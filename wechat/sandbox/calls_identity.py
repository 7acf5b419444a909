"""Tokens, sign-in, phone numbers, OAuth and followers."""

import secrets
from typing import Any

from wechat.sandbox.api import Answer, Call, endpoint
from wechat.sandbox.refusal import Refusal

OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}


@endpoint("/cgi-bin/stable_token", "POST", token=False)
async def stable_token(call: Call) -> Answer:
    """getStableAccessToken."""
    body = call.json()
    kind = call.world.check_secret(body.get("appid"), body.get("secret"))
    if body.get("grant_type") != "client_credential":
        raise Refusal(40002, "invalid grant_type")
    appid = call.world.account(kind).appid
    force = body.get("force_refresh", False) is True
    return call.world.tokens.stable(appid, call.now, force=force)


@endpoint("/cgi-bin/token", "GET", token=False)
async def classic_token(call: Call) -> Answer:
    """getAccessToken, the older family."""
    kind = call.world.check_secret(call.query.get("appid"), call.query.get("secret"))
    if call.query.get("grant_type") != "client_credential":
        raise Refusal(40002, "invalid grant_type")
    return call.world.tokens.classic(call.world.account(kind).appid, call.now)


@endpoint("/sns/jscode2session", "GET", token=False)
async def code_to_session(call: Call) -> Answer:
    """code2Session; a success says no errcode."""
    kind = call.world.check_secret(call.query.get("appid"), call.query.get("secret"))
    if kind != "mp":
        raise Refusal(48001, "api unauthorized")
    if call.query.get("grant_type") != "authorization_code":
        raise Refusal(40002, "invalid grant_type")
    person = call.world.codes.spend("login", call.query.get("js_code"), call.now).person
    person.visited = call.now
    answer = {"openid": person.mp_openid, "session_key": secrets.token_urlsafe(16) + "=="}
    if person.unionid and call.world.config.options.bound:
        answer["unionid"] = person.unionid
    return answer


@endpoint("/wxa/business/getuserphonenumber", "POST", accounts=("mp",))
async def phone_number(call: Call) -> Answer:
    """getPhoneNumber; the country code is a number here, as in the platform's sample."""
    body = call.json()
    person = call.world.codes.spend("phone", body.get("code"), call.now).person
    if body.get("openid") not in (None, person.mp_openid):
        raise Refusal(40029, "invalid code")
    if person.phone is None:
        raise Refusal(40029, "invalid code")
    foreign = person.country_code != "86"
    info = {
        "phoneNumber": f"+{person.country_code}{person.phone}" if foreign else person.phone,
        "purePhoneNumber": person.phone,
        "countryCode": int(person.country_code),
        "watermark": {"timestamp": int(call.now), "appid": call.world.config.mp.appid},
    }
    return {**OK, "phone_info": info}


@endpoint("/sns/oauth2/access_token", "GET", token=False)
async def web_grant(call: Call) -> Answer:
    """The OAuth code exchange; tells a unionid only under snsapi_userinfo."""
    kind = call.world.check_secret(call.query.get("appid"), call.query.get("secret"))
    if kind != "oa":
        raise Refusal(48001, "api unauthorized")
    if call.query.get("grant_type") != "authorization_code":
        raise Refusal(40002, "invalid grant_type")
    code = call.world.codes.spend("oauth", call.query.get("code"), call.now)
    answer: dict[str, Any] = {
        "access_token": f"web-{secrets.token_hex(48)}",
        "expires_in": 7200,
        "refresh_token": f"web-{secrets.token_hex(48)}",
        "openid": code.person.oa_openid,
        "scope": code.scope,
    }
    if code.snapshot:
        answer["is_snapshotuser"] = 1
    bound = call.world.config.options.bound
    if code.scope == "snsapi_userinfo" and code.person.unionid and bound:
        answer["unionid"] = code.person.unionid
    return answer


@endpoint("/cgi-bin/user/info", "GET", accounts=("oa",))
async def user_info(call: Call) -> Answer:
    """A follower, or subscribe 0 and nothing else."""
    person = call.world.people.by_openid("oa", call.query.get("openid"))
    if not person.follows:
        return {"subscribe": 0, "openid": person.oa_openid}
    answer: dict[str, Any] = {
        "subscribe": 1,
        "openid": person.oa_openid,
        "nickname": "",
        "sex": 0,
        "language": "",
        "subscribe_time": 1700000000,
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE",
        "qr_scene": 0,
        "qr_scene_str": "",
    }
    if person.unionid and call.world.config.options.bound:
        answer["unionid"] = person.unionid
    return answer
