"""Forms: one definition per field → validation, description, questions, printed cells."""

from rules.forms.build import form_of
from rules.forms.changes import (
    Change,
    diff,
    document_faults,
    documents_for,
    personal_keys,
    prefill,
    profile_of,
)
from rules.forms.describe import describe
from rules.forms.dialogue import Answer, named_options, next_question, parse_answer
from rules.forms.show import show
from rules.forms.types import SKIPPED, Cell, Checked, Form, FormField, Option, Section
from rules.forms.validate import Mode, validate

__all__ = [
    "SKIPPED",
    "Answer",
    "Cell",
    "Change",
    "Checked",
    "Form",
    "FormField",
    "Mode",
    "Option",
    "Section",
    "describe",
    "diff",
    "document_faults",
    "documents_for",
    "form_of",
    "named_options",
    "next_question",
    "parse_answer",
    "personal_keys",
    "prefill",
    "profile_of",
    "show",
    "validate",
]
