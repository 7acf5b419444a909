"""Intents and slots of the assistant: what one utterance wants, and what it states."""

from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Intent(StrEnum):
    """What an utterance wants. It carries exactly one."""

    APPLY = "apply"
    REGISTER_INTENT = "register_intent"
    RENAME_TRANSFER = "rename_transfer"
    RESUME_DRAFT = "resume_draft"
    MODIFY_APPLICATION = "modify_application"
    WITHDRAW = "withdraw"
    QUERY_STATUS = "query_status"
    QUERY_DEADLINE = "query_deadline"
    BOOK_SURVEY = "book_survey"
    RESCHEDULE_SURVEY = "reschedule_survey"
    CANCEL_SURVEY = "cancel_survey"
    CONFIRM_VISIT = "confirm_visit"
    ASK_MATERIALS = "ask_materials"
    ASK_PROCESS = "ask_process"
    ASK_TIME_LIMIT = "ask_time_limit"
    ASK_FEE = "ask_fee"
    ASK_ELIGIBILITY = "ask_eligibility"
    ASK_COMMITMENT = "ask_commitment"
    ASK_PERMIT = "ask_permit"
    ASK_DOCUMENT = "ask_document"
    ASK_CONTACT = "ask_contact"
    HUMAN_AGENT = "human_agent"
    COMPLAIN = "complain"
    EVALUATE = "evaluate"
    REPORT_FAULT = "report_fault"
    BILL_PAYMENT = "bill_payment"
    GREET = "greet"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    AFFIRM = "affirm"
    DENY = "deny"
    HELP = "help"
    OUT_OF_SCOPE = "out_of_scope"


DIALOGUE_ACTS = frozenset(
    {Intent.GREET, Intent.THANKS, Intent.GOODBYE, Intent.AFFIRM, Intent.DENY, Intent.HELP}
)
"""What people say to keep a talk going; they ask for nothing by themselves."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity asked for. ``unit``: t/d, kVA, kW, m3/h, Mbps or lines."""

    utility: str
    value: Decimal
    unit: str

    def shown(self) -> dict[str, Any]:
        """As JSON, whole numbers without a point."""
        whole = self.value == self.value.to_integral_value()
        value = int(self.value) if whole else float(self.value)
        return {"utility": self.utility, "value": value, "unit": self.unit}


@dataclass(frozen=True, slots=True)
class Slots:
    """What an utterance states; absent is None or empty. ``datetime`` is the literal text."""

    utilities: tuple[str, ...] = ()
    kind: str | None = None
    amount: tuple[Amount, ...] = ()
    datetime: str | None = None
    phone: str | None = None
    credit_code: str | None = None
    company: str | None = None
    person: str | None = None
    address: str | None = None
    application_no: str | None = None

    def shown(self) -> dict[str, Any]:
        """As JSON; what was not stated is left out."""
        told: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name == "amount":
                value = [amount.shown() for amount in value]
            elif isinstance(value, tuple):
                value = list(value)
            if value:
                told[each.name] = value
        return told


@dataclass(frozen=True, slots=True)
class Guess:
    """An intent with how likely it is, 0 to 1."""

    intent: Intent
    confidence: float


@dataclass(frozen=True, slots=True)
class Pending:
    """The question that waits for an answer: evidence of what the next utterance means.

    ``type`` is the field's type (``config.cities.FieldType`` value) or ``confirm`` for a yes-or-no
    question of ours; ``words`` are labels and aliases that would answer it.
    """

    type: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """One utterance understood. ``text`` is normalised: NFKC, spaces, simplified characters, the
    field's words spelt right. ``literal`` is NFKC alone, as long as ``text``: what is kept of it.
    """

    text: str
    intent: Intent
    confidence: float
    slots: Slots = field(default_factory=Slots)
    alternatives: tuple[Guess, ...] = ()
    """The next best intents, best first."""
    literal: str = ""

    @property
    def typed(self) -> str:
        """What was typed, position by position that of ``text``."""
        return self.literal if len(self.literal) == len(self.text) else self.text

    def as_typed(self, words: str) -> str:
        """Words of ``text`` as they were typed; others as they are."""
        at = self.text.find(words)
        return self.typed[at : at + len(words)] if at >= 0 else words

    def shown(self) -> dict[str, Any]:
        """As one line of ``python -m bot.understanding``."""
        return {
            "intent": self.intent.value,
            "confidence": round(self.confidence, 4),
            "slots": self.slots.shown(),
            "alternatives": [
                {"intent": each.intent.value, "confidence": round(each.confidence, 4)}
                for each in self.alternatives
            ],
        }
