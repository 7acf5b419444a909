"""Pictures sent in the chat: fetched, checked, attached, and the sender told."""

import base64
import io
from typing import Any
from uuid import UUID

from PIL import Image

from models import Upload, UploadUse
from rules.actors import Actor
from rules.errors import Code
from tests.workflow.chat.talks import Talks, refusal
from tests.workflow.drive import Drive
from tests.workflow.forms import DAYE
from workflow.chat.media import TOPIC, attach_picture, take_picture
from workflow.chat.turns import Talk
from workflow.unit import Unit

GET = "/cgi-bin/media/get"


def picture(colour: str = "red") -> bytes:
    """A small photograph, with what a camera notes."""
    exif = Image.Exif()
    exif[0x010F] = "样例相机"
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


async def sends(talks: Talks, case: UUID, content: bytes, purpose: str, name: str = "li") -> Any:
    """Somebody has sent a picture; the turn asks for it to be attached."""
    media = await talks.control.post(
        "/media", content=base64.b64encode(content).decode(), name="x.jpg"
    )

    async def act(unit: Unit, talk: Talk) -> Any:
        async with unit.attempt():
            return (await take_picture(unit, talk.id, case, media["media_id"], purpose)).body

    return await talks.turn(name, act)


async def purpose_of(talks: Talks) -> str:
    """The first document Daye asks for."""
    day = talks.world.clock.now().date()
    return talks.services.cities.on("daye", day).documents[0].code


async def drafted(talks: Talks) -> tuple[Actor, UUID]:
    """Somebody with a draft, in a chat that may be written to."""
    owner = await talks.chatting("li")
    await talks.may_be_sent("li")
    return owner, await talks.drafts(owner)


async def test_a_picture_becomes_a_document(talks: Talks) -> None:
    owner, case = await drafted(talks)
    purpose = await purpose_of(talks)
    await sends(talks, case, picture(), purpose)
    await talks.work()
    (use,) = await UploadUse.filter(application_id=case)
    assert (use.purpose, use.added_by) == (purpose, owner.person)
    upload = await Upload.get(id=use.upload_id)
    assert (upload.person_id, upload.media_type) == (owner.person, "image/jpeg")
    assert (upload.evidence, upload.name) == ({}, "营业执照.jpg")
    stored = b"".join([part async for part in await talks.services.store.open(upload.digest)])
    assert b"\xe6\xa0\xb7" not in stored  # written anew, without what the camera noted
    (told,) = await talks.texts("li")
    assert "已收到" in told
    (row,) = await talks.rows(TOPIC)
    assert row.outcome == "attached"


async def test_a_picture_that_is_gone_is_told(talks: Talks) -> None:
    _, case = await drafted(talks)
    await sends(talks, case, picture(), await purpose_of(talks))
    await talks.control.post("/clock", seconds=3 * 86400 + 1)
    await talks.may_be_sent("li")
    await talks.work()
    (told,) = await talks.texts("li")
    assert "重新发送" in told
    (flag,) = await talks.control.flag()
    assert flag["errcode"] == 40007  # asked for once, in vain
    assert await UploadUse.filter(application_id=case).count() == 0


async def test_what_is_no_picture_is_refused_in_words(talks: Talks) -> None:
    _, case = await drafted(talks)
    await sends(talks, case, b"MZ\x90\x00" + b"\0" * 200, await purpose_of(talks))
    await talks.work()
    (told,) = await talks.texts("li")
    assert "没有收下" in told
    assert "图片" in told
    (row,) = await talks.rows(TOPIC)
    assert row.outcome == "refused_upload_type"


async def test_a_broken_picture_is_refused_in_words(talks: Talks) -> None:
    _, case = await drafted(talks)
    await sends(talks, case, picture()[:200], await purpose_of(talks))
    await talks.work()
    (told,) = await talks.texts("li")
    assert "没有收下" in told
    assert await UploadUse.filter(application_id=case).count() == 0


async def test_more_than_ten_megabytes_are_not_taken(talks: Talks) -> None:
    _, case = await drafted(talks)
    await sends(talks, case, picture() + b"\0" * (10 * 1024 * 1024), await purpose_of(talks))
    await talks.work()
    assert await UploadUse.filter(application_id=case).count() == 0
    (told,) = await talks.texts("li")
    assert "不能超过10MB" in told


async def test_a_document_nobody_asked_for_is_refused_at_once(talks: Talks) -> None:
    owner = await talks.chatting("li")
    case = await talks.drafts(owner, "zhoukou")
    done = sends(talks, case, picture(), "business_licence")
    assert (await refusal(done)).code is Code.INVALID
    assert await talks.rows(TOPIC) == []


async def test_a_strangers_case_takes_no_picture(talks: Talks) -> None:
    drive = await Drive.drafted(talks.world, "daye", DAYE)
    done = sends(talks, drive.id, picture(), await purpose_of(talks), name="sun")
    assert (await refusal(done)).code is Code.NOT_FOUND


async def test_a_busy_platform_is_asked_again_and_the_picture_attached_once(talks: Talks) -> None:
    _, case = await drafted(talks)
    await talks.control.inject(GET, "hangup")
    await sends(talks, case, picture(), await purpose_of(talks))
    await talks.work()
    assert await UploadUse.filter(application_id=case).count() == 0
    await talks.later(minutes=1)
    await talks.work()
    assert await UploadUse.filter(application_id=case).count() == 1
    (row,) = await talks.rows(TOPIC)
    assert await attach_picture(talks.services, row.payload) == "attached"
    assert await UploadUse.filter(application_id=case).count() == 1
    await talks.work()
    assert len(await talks.texts("li")) == 1
