"""Numbers with an official shape: telephone, 统一社会信用代码, 项目代码."""

import re
from typing import Any

import phonenumbers
from stdnum.cn import uscc

PROJECT = re.compile(r"([0-9]{4})-?([0-9]{6})-?([0-9]{2})-?([0-9]{2})-?([0-9]{6})")
CREDIT = re.compile(r"[1-9ANY][1-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
PHONE = re.compile(r"(?:\+?86[- ]?)?[0-9()][0-9() -]{5,20}(?:(?:转|ext|x|#|-)[0-9]{1,6})?")
LINES = frozenset(
    {
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    }
)


class Wrong(ValueError):
    """One fault of one value: a stable code and the data its wording needs."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


def phone(text: str) -> str:
    """A Chinese mobile as 11 digits, a landline as ``0714-8765432`` or ``0714-8765432-801``."""
    if not PHONE.fullmatch(text):
        raise Wrong("phone_wrong")
    spelled = re.sub("转|#", "ext", text)
    spelled = re.sub(r"(?<=[0-9]{7})-(?=[0-9]{1,6}$)", "ext", spelled)
    try:
        parsed = phonenumbers.parse(spelled, "CN")
    except phonenumbers.NumberParseException as error:
        raise Wrong("phone_wrong") from error
    if parsed.country_code != 86 or not phonenumbers.is_valid_number(parsed):
        raise Wrong("phone_wrong")
    kind = phonenumbers.number_type(parsed)
    if kind not in LINES:
        raise Wrong("phone_wrong")
    number = phonenumbers.national_significant_number(parsed)
    if kind == phonenumbers.PhoneNumberType.MOBILE:
        return number
    area = phonenumbers.length_of_geographical_area_code(parsed)
    line = f"0{number[:area]}-{number[area:]}"
    return f"{line}-{parsed.extension}" if parsed.extension else line


def credit_code(text: str) -> str:
    """18 characters with a correct check character (GB 32100-2015), upper case.

    The library's own ``validate`` refuses the registering authorities A, N and Y, which exist
    (N: 农村集体经济组织), so only its check character is used.
    """
    code = re.sub("[ -]", "", text).upper()
    if len(code) != 18:
        raise Wrong("credit_code_length")
    if not CREDIT.fullmatch(code):
        raise Wrong("credit_code_format")
    if uscc.calc_check_digit(code[:17]) != code[17]:
        raise Wrong("credit_code_check")
    return code


def project_code(text: str) -> str:
    """4-6-2-2-6 digits, hyphens optional; given back with hyphens."""
    found = PROJECT.fullmatch(text)
    if not found:
        raise Wrong("project_code_wrong")
    return "-".join(found.groups())
