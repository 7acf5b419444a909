"""Where a phone says it is, as it is handed in; and where the site is."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from models import Application, Registration
from rules.places import Place, System
from rules.presence import Fix
from workflow.inputs import Input, Moment

Degrees = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Position(Input):
    """定位: a point with its system. WeChat gives GCJ-02 when asked for it, else WGS-84."""

    lat: Annotated[Degrees, Field(ge=-90, le=90)]
    lng: Annotated[Degrees, Field(ge=-180, le=180)]
    system: System
    accuracy_m: Annotated[Degrees, Field(ge=0, le=1_000_000)] | None = None
    """Radius in metres within which it is likely to be."""
    fixed_at: Moment | None = None
    """When the phone found it."""
    mock: bool = False
    """Whether the phone says that the position is made up."""

    @property
    def place(self) -> Place:
        """As the rules take it."""
        return Place(self.lng, self.lat, self.system)

    def fix(self, ahead: timedelta = timedelta(0)) -> Fix:
        """As the rules judge it; ``ahead``: by how much the phone's clock was."""
        fixed: datetime | None = self.fixed_at - ahead if self.fixed_at is not None else None
        return Fix(self.place, self.accuracy_m, fixed, self.mock)


def site_of(row: Application | Registration) -> Place | None:
    """The point on the form; None where none was given (the middle of a town is no site)."""
    point: Any = row.fields_.get("site.point")
    if not isinstance(point, dict) or "lng" not in point or "lat" not in point:
        return None
    return Place(float(point["lng"]), float(point["lat"]), System(point.get("system", "gcj02")))
