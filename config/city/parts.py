"""The parts of a city file: who there is, what may be asked for, and how long things take."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from config.city.fields import Name, Text
from config.city.hours import FROZEN, Limit

Organiser = Literal["window", "coordinator", "utility"]
Positive = Annotated[Decimal, Field(gt=0)]


class Part(BaseModel):
    """Frozen, unknown keys refused."""

    model_config = FROZEN


class Coded(Part):
    """A stable code with its Chinese label (reasons, options, carriers, towns)."""

    code: Name
    label: Text
    clause: Text | None = None


class Kind(Part):
    """业务类型 of one utility. ``code`` is filled from the file's key."""

    code: Name
    label: Text
    account_change: bool = False
    """更名、过户: goes from acceptance straight to connection, no survey."""
    temporary: bool = False
    """Has an end date, then removal or conversion."""

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if self.account_change and self.temporary:
            raise ValueError("a kind is either account_change or temporary")
        return self


class Utility(Part):
    """One utility of a city: its words, who provides it, its kinds, its carriers."""

    code: Name
    label: Text
    """The box on the forms: 用水报装."""
    short: Text
    """One or two characters: 水."""
    use: Text
    """How its fields are named: 用水."""
    provider: Text | None = None
    kinds: Annotated[Mapping[Name, Kind], Field(min_length=1)]
    carriers: tuple[Coded, ...] = ()
    """Where not empty, a request is split per carrier."""
    section: Name
    hotline: Text | None = None
    safety_check: bool = False
    """Whether a safety check must be passed before connection (gas)."""

    @property
    def default_kind(self) -> Kind:
        """The kind taken when the applicant ticked none: the first."""
        return next(iter(self.kinds.values()))


class Department(Part):
    """An approving or supervising department; ``by_town``: the one of the address's town."""

    code: Name
    label: Text
    name: Text
    by_town: bool = False
    opinion_label: Text | None = None
    """Its row on form C; ``{label}审批意见`` when not given."""


class Town(Part):
    """A town, street or, in a prefecture, a county or district."""

    code: Name
    label: Text
    centre: tuple[float, float]
    """About its middle in degrees (longitude, latitude; GCJ-02): a site or crew without a point of
    its own is planned with as if it were there. Ours, to about a kilometre or two."""
    own_window: bool = False
    """Whether it may have a window of its own (sub-jurisdictions of a prefecture)."""


class Lead(Part):
    """牵头单位."""

    label: Text
    department: Name
    clause: Text


class Organisers(Part):
    """Who organises what."""

    survey: Organiser
    parallel_approval: Organiser
    home_visit: Organiser


class DeadlineRule(Part):
    """How long one step may take; ``ours``: the policy is silent and we decided."""

    limit: Limit
    target: Limit | None = None
    """Aimed at; missing it is shown, only ``limit`` counts as overdue."""
    at_once: bool = False
    """Decided by the system in the same act (即时办结); ``limit`` is the smallest there is."""
    starts: Text
    ours: bool = False
    clause: Text | None = None

    @model_validator(mode="after")
    def _says_where_from(self) -> Self:
        if self.ours == (self.clause is not None):
            raise ValueError("a deadline has either a clause or ours = true")
        return self


class Document(Part):
    """One applicant document; asked when ``kinds``/``utilities`` apply (empty: always)."""

    code: Name
    label: Text
    required: bool = True
    utilities: tuple[Name, ...] = ()
    kinds: tuple[Name, ...] = ()
    when_field: Text | None = None
    """A field that must be filled (or true) for the document to be asked."""
    condition: Text | None = None
    """The same in words: 由经办人代办的."""
    help: Text | None = None


class Numbering(Part):
    """联合报装编号: ``{year}`` in Shanghai time, ``{number}`` a gapless sequence."""

    title: Text
    pattern: Text
    width: Annotated[int, Field(ge=4, le=9)]

    def format(self, year: int, number: int) -> str:
        """``2023, 1`` → ``2023（000001）号``."""
        return self.pattern.format(year=year, number=str(number).zfill(self.width))

    @model_validator(mode="after")
    def _has_both(self) -> Self:
        try:
            shown = self.format(2026, 7)
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError("pattern holds {year} and {number}, nothing else") from error
        if "2026" not in shown or "7".zfill(self.width) not in shown:
            raise ValueError("pattern must hold {year} and {number}")
        return self


class Box(Part):
    """Where map points of the city lie, degrees GCJ-02."""

    south: Annotated[float, Field(ge=3, le=54)]
    north: Annotated[float, Field(ge=3, le=54)]
    west: Annotated[float, Field(ge=73, le=136)]
    east: Annotated[float, Field(ge=73, le=136)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.south >= self.north or self.west >= self.east:
            raise ValueError("south < north and west < east")
        return self


class SurveyRules(Part):
    """踏勘: slots, holds, moves, presence (all ours)."""

    slot_minutes: Annotated[int, Field(ge=10, le=480)]
    """How long the visit takes."""
    step_minutes: Annotated[int, Field(ge=5, le=240)]
    """Times are offered this far apart."""
    hold_minutes: Annotated[int, Field(ge=1, le=240)]
    move_until_hours: Annotated[int, Field(ge=0, le=168)]
    max_moves: Annotated[int, Field(ge=0, le=20)]
    max_cancels: Annotated[int, Field(ge=0, le=20)]
    book_ahead_days: Annotated[int, Field(ge=1, le=120)]
    remind_hours: tuple[Annotated[int, Field(ge=1, le=168)], ...]
    travel_kmh: Positive
    travel_least_minutes: Annotated[int, Field(ge=0, le=120)]
    """Between two visits of a crew, however near."""
    check_in_radius_m: Annotated[int, Field(ge=10, le=5000)]
    no_show_after_minutes: Annotated[int, Field(ge=5, le=240)]
    photo_radius_m: Annotated[int, Field(ge=10, le=20_000)]
    """A photo that says it was taken farther from the site is doubtful."""
    max_open: Annotated[int, Field(ge=1, le=100)]
    """How many surveys one applicant may have booked or held at once, over all its cases."""
    wait_offer_minutes: Annotated[int, Field(ge=5, le=1440)]
    """An earlier time offered to who waits is kept so long."""
    departments: tuple[Name, ...]
    """Departments that come along where a utility expects a permit (大冶 三(二)2, 周口 二(五))."""


class SanctionStep(Part):
    """One step of the ladder; ``after_breaches`` within ``within_months`` proposes it."""

    code: Literal["rectify", "interview", "suspend"]
    label: Text
    after_breaches: Annotated[int, Field(ge=1, le=100)]
    within_months: Annotated[int, Field(ge=1, le=60)]
    months: Annotated[int, Field(ge=1, le=24)] | None = None
    """For ``suspend``: at least so long, and until rectified."""
    clause: Text


class Sanctions(Part):
    """Either a ladder of steps, or yearly assessment handed to an office, or both."""

    ladder: tuple[SanctionStep, ...] = ()
    assessment: bool = False
    assessment_text: Text | None = None
    """The assessment in the policy's own words."""
    assessed_by: Text | None = None
    reported_to: Text | None = None
    clause: Text


class Source(Part):
    """Who pushes registrations, and the service platform."""

    registration_by: Text
    registration_department: Name
    registration_platform: Text
    service_platform: Text
    online_hall: Text | None = None
    approval_platform: Text | None = None


class Hotline(Part):
    """A number stated by a policy or a national fact."""

    code: Name
    label: Text
    number: Annotated[str, StringConstraints(pattern=r"^[0-9][0-9-]{2,14}$")]
    utility: Name | None = None
    emergency: bool = False


class GuideText(Part):
    """One answer of the guide; ``{path}`` is filled from the same file."""

    text: Text
    clause: Text | None = None
    ours: bool = False


class Window(Part):
    """综合受理专窗."""

    name: Text
    place: Text
    set_up_by: Text
    any_town: bool
    """区域通办: any window of the city serves any town."""


class Closing(Part):
    """When a connected case closes without a rating: after so many working days."""

    days: int
