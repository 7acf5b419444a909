"""What a camera noted of a photo: kept beside the upload until it is judged, its place sealed."""

from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any

import orjson

from models import Upload
from rules.places import Place, System
from storage.exif import Exif
from workflow.ports import Seal

PURPOSE = "uploads.evidence.point"


def kept(seal: Seal, exif: Exif, sent_digest: str) -> dict[str, Any]:
    """As it lies beside the upload."""
    point = None
    if exif.gps is not None:
        latitude, longitude, system = exif.gps
        told = orjson.dumps({"lat": latitude, "lng": longitude, "system": system})
        point = b64encode(seal.seal(told, PURPOSE)).decode()
    taken_at = exif.taken_at.isoformat() if exif.taken_at else None
    return {"sent_digest": sent_digest, "taken_at": taken_at, "point": point}


def taken_at(upload: Upload) -> datetime | None:
    """When the picture says it was taken."""
    told = upload.evidence.get("taken_at")
    return datetime.fromisoformat(told) if told else None


def place(seal: Seal, upload: Upload) -> Place | None:
    """Where the picture says it was taken; None once that has been judged."""
    sealed = upload.evidence.get("point")
    if not sealed:
        return None
    point = orjson.loads(seal.open(b64decode(sealed), PURPOSE))
    return Place(point["lng"], point["lat"], System(point["system"]))


async def forget_place(upload: Upload) -> None:
    """It has been judged: how far it was from the site is kept, the place itself is not."""
    if upload.evidence.get("point"):
        evidence = upload.evidence | {"point": None}
        await Upload.filter(id=upload.id).update(evidence=evidence)
        upload.evidence = evidence
