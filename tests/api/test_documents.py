"""Documents of a case: attached once for all, seen by whoever has a part in it, opened by links."""

import random
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from PIL import Image

from models import AuditEntry, Membership, Upload
from rules.actors import Role
from storage.store import CHUNK, key_of
from tests.api.journey import accepted, drafted, submitted
from tests.api.service import Caller, Service, codes, ok, problem
from tests.api.test_uploads import send
from tests.storage.corpus import encoded, pattern, pdf, photo

LICENCE = "business_licence"


async def uploaded(caller: Caller, data: bytes | None = None, name: str = "执照.jpg") -> str:
    """The id of a file of somebody's own."""
    kept: dict[str, Any] = ok(await send(caller, data or photo(), name), 201)
    return str(kept["id"])


async def attached(caller: Caller, app: str, purpose: str = LICENCE) -> dict[str, Any]:
    """Upload and attach; the row as listed."""
    upload = await uploaded(caller)
    body = {"upload_id": upload, "purpose": purpose}
    listed = ok(await caller.post(f"/applications/{app}/documents", body), 201)
    row: dict[str, Any] = next(r for r in listed["attached"] if r["upload_id"] == upload)
    return row | {"version": listed["version"]}


async def linked(caller: Caller, upload: str, *, inline: bool = False) -> str:
    """The path of a link to a file."""
    found = ok(await caller.post(f"/uploads/{upload}/link", {"inline": inline}, key=None), 201)
    path: str = urlsplit(found["url"]).path
    return path


async def fetch(service: Service, path: str) -> httpx.Response:
    """What a link opens: without any token, as the phone's own downloader asks."""
    nobody = service.nobody
    answer = await nobody.http.get(path)
    assert nobody.judge is not None
    nobody.judge.check("GET", path, answer)
    return answer


async def test_a_document_is_attached_submitted_and_seen_by_everybody_with_a_part(
    service: Service,
) -> None:
    owner = await service.owner()
    draft = await drafted(owner, "daye")
    path = f"/applications/{draft['id']}"
    row = await attached(owner, draft["id"])
    assert (row["purpose"], row["label"], row["name"]) == (LICENCE, "营业执照", "执照.jpg")
    assert row["version"] == draft["version"] + 1
    problem(await owner.post(f"{path}/submit", version=draft["version"]), 412, "version_stale")
    ok(await owner.post(f"{path}/submit", version=row["version"]))
    seen = ok(await (await service.window("daye")).get(f"{path}/documents"))
    assert [each["id"] for each in seen["attached"]] == [row["id"]]
    assert "site_right" in {each["code"] for each in seen["missing"]}
    audits = AuditEntry.filter(object_id=draft["id"], action="read_documents")
    assert await audits.count() == 1


async def test_who_sees_the_documents_of_an_accepted_case(service: Service) -> None:
    app = await accepted(service, "daye")
    path = f"/applications/{app['id']}/documents"
    befriended = await service.colleague()
    await service.befriend(await service.enterprise_of(app["id"]), befriended)
    sees = {
        "owner": await service.owner(),
        "colleague": befriended,
        "window": await service.window("daye"),
        "coordinator": await service.coordinator("daye"),
        "clerk": await service.clerk("daye", "water"),
    }
    for name, caller in sees.items():
        assert ok(await caller.get(path))["attached"], name
    crew = ok(await (await service.crew("daye", "gas")).get(path))
    assert (crew["attached"], crew["missing"]) == ([], [])
    for caller in (
        await service.stranger(),
        await service.window("zhoukou"),
        await service.clerk("zhoukou", "water"),
        await service.approver("daye", "chengguan"),
        await service.administrator("daye", Role.AUDITOR),
    ):
        problem(await caller.get(path), 404, "not_found")


async def test_before_acceptance_a_document_is_exchanged_afterwards_it_stays(
    service: Service,
) -> None:
    owner = await service.owner()
    draft = await drafted(owner, "daye")
    path = f"/applications/{draft['id']}/documents"
    row = await attached(owner, draft["id"])
    problem(
        await (await service.stranger()).send("DELETE", f"{path}/{row['id']}"), 404, "not_found"
    )
    listed = ok(await owner.send("DELETE", f"{path}/{row['id']}"))
    assert listed["attached"] == []
    problem(await owner.send("DELETE", f"{path}/{row['id']}"), 404, "not_found")

    app = await accepted(service, "daye")
    path = f"/applications/{app['id']}/documents"
    kept = ok(await owner.get(path))["attached"][0]
    problem(await owner.send("DELETE", f"{path}/{kept['id']}"), 409, "move_not_allowed")
    body = {"upload_id": await uploaded(owner), "purpose": LICENCE}
    problem(await owner.post(path, body), 409, "move_not_allowed")
    clerk = await service.clerk("daye", "water")
    body = {"upload_id": await uploaded(clerk), "purpose": LICENCE}
    problem(await clerk.post(path, body), 403, "not_yours_to_move")


async def test_the_same_upload_twice_is_one_and_serves_another_purpose_too(
    service: Service,
) -> None:
    owner = await service.owner()
    draft = await drafted(owner, "daye")
    path, upload = f"/applications/{draft['id']}/documents", await uploaded(owner)
    for purpose in (LICENCE, LICENCE, "site_right"):
        ok(await owner.post(path, {"upload_id": upload, "purpose": purpose}), 201)
    listed = ok(await owner.get(path))
    assert sorted(each["purpose"] for each in listed["attached"]) == [LICENCE, "site_right"]


async def test_only_ones_own_files_for_what_the_case_asks(service: Service) -> None:
    owner, stranger = await service.owner(), await service.stranger()
    draft = await drafted(owner, "daye")
    path = f"/applications/{draft['id']}/documents"
    foreign = await uploaded(stranger)
    for upload in (foreign, draft["id"]):
        body = {"upload_id": upload, "purpose": LICENCE}
        refused = problem(await owner.post(path, body), 422, "invalid")
        assert codes(refused) == {"upload_id": "upload_unknown"}
    body = {"upload_id": await uploaded(owner), "purpose": "holiday_picture"}
    refused = problem(await owner.post(path, body), 422, "invalid")
    assert codes(refused) == {"purpose": "purpose_unknown"}
    body = {"upload_id": foreign, "purpose": LICENCE}
    problem(await stranger.post(path, body), 404, "not_found")


async def test_a_crew_attaches_what_it_photographed_and_sees_that_alone(service: Service) -> None:
    app = await accepted(service, "daye")
    crew = await service.crew("daye", "water")
    row = await attached(crew, app["id"], "site_photo")
    assert row["label"] == "现场照片"
    listed = ok(await crew.get(f"/applications/{app['id']}/documents"))
    assert [each["id"] for each in listed["attached"]] == [row["id"]]
    window = ok(await (await service.window("daye")).get(f"/applications/{app['id']}/documents"))
    assert row["id"] in {each["id"] for each in window["attached"]}
    other = await service.crew("daye", "gas")
    path = f"/applications/{app['id']}/documents/{row['id']}"
    problem(await other.send("DELETE", path), 404, "not_found")
    owner = await service.owner()
    problem(await owner.send("DELETE", path), 403, "not_yours_to_move")
    ok(await crew.send("DELETE", path))


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (photo(), "执照.jpg", "image/jpeg"),
        (encoded(pattern(300, 200, "RGBA"), "PNG"), "图.png", "image/png"),
        (pdf(), "授权.pdf", "application/pdf"),
    ],
)
async def test_a_link_opens_the_file_with_safe_headers(
    service: Service, data: bytes, name: str, kind: str
) -> None:
    owner = await service.owner()
    upload = await uploaded(owner, data, name)
    row = await Upload.get(id=UUID(upload))
    answer = await fetch(service, await linked(owner, upload))
    assert answer.status_code == 200
    assert (len(answer.content), answer.headers["content-type"]) == (row.size, kind)
    assert answer.headers["content-length"] == str(row.size)
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "private, no-store"
    shown = await fetch(service, await linked(owner, upload, inline=True))
    inline = "attachment" if kind == "application/pdf" else "inline"
    assert shown.headers["content-disposition"].startswith(f"{inline};")


async def test_staff_open_a_document_and_leave_a_trace(service: Service) -> None:
    owner = await service.owner()
    draft = await drafted(owner, "zhoukou")
    app = await submitted(owner, "daye")
    row = await attached(owner, app["id"])
    window = await service.window("daye")
    assert (await fetch(service, await linked(window, row["upload_id"]))).status_code == 200
    entries = await AuditEntry.filter(object_id=row["upload_id"]).order_by("id")
    assert [e.action for e in entries] == ["link_document", "download_document"]
    assert {(e.person_id, e.role, e.city) for e in entries} == {
        (window.person, Role.WINDOW_CLERK, "daye")
    }
    assert await AuditEntry.filter(object_id=draft["id"], action="link_document").count() == 0
    for caller in (await service.stranger(), await service.window("zhoukou")):
        answer = await caller.post(f"/uploads/{row['upload_id']}/link", {}, key=None)
        problem(answer, 404, "not_found")


async def test_a_link_ends_with_its_time_and_with_the_rights_of_whom_it_was_made_for(
    service: Service,
) -> None:
    owner = await service.owner()
    app = await submitted(owner, "daye")
    row = await attached(owner, app["id"])
    clerk = await service.coordinator("daye")
    path = await linked(clerk, row["upload_id"])
    assert (await fetch(service, path)).status_code == 200
    await Membership.filter(person_id=clerk.person).update(ended_at=service.clock.now())
    problem(await fetch(service, path), 404, "link_invalid")
    await Membership.filter(person_id=clerk.person).update(ended_at=None)
    changed = path[:-3] + ("AAA" if not path.endswith("AAA") else "BBB")
    for odd in (changed, path + "x", "/files/none"):
        problem(await fetch(service, odd), 404, "link_invalid")
    service.clock.forward(minutes=5)
    problem(await fetch(service, path), 404, "link_invalid")


@pytest.mark.parametrize("side", [40, 700])
async def test_a_file_that_is_lost_or_changed_in_the_store_is_never_handed_out_whole(
    service: Service, side: int
) -> None:
    owner = await service.owner()
    noise = Image.frombytes("RGB", (side, side), random.Random(side).randbytes(side * side * 3))
    upload = await uploaded(owner, encoded(noise, "PNG"), "失.png")
    path = await linked(owner, upload)
    row = await Upload.get(id=UUID(upload))
    stored = service.wiring.settings.data_dir / "uploads" / key_of(row.digest)
    bytes_kept = stored.read_bytes()
    stored.chmod(0o600)
    stored.write_bytes(bytes_kept[:-1] + b"\x00")
    if row.size < CHUNK:
        problem(await fetch(service, path), 503, "storage_unavailable")
    else:
        with pytest.raises(httpx.RemoteProtocolError):
            await service.nobody.http.get(path)
    stored.unlink()
    problem(await fetch(service, path), 503, "storage_unavailable")
