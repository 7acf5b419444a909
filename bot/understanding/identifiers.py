"""Numbers with a shape: telephones, 信用代码, 项目代码, numbers of applications.

Patterns run over the repaired text; values are given as they are judged: phones and credit codes
without blanks, credit codes in upper case, application numbers literally.
"""

import re

from bot.understanding.spans import Span

_DIGIT = re.compile("[0-9]{3}")
_GAP = "[ -]?"
_CODE = rf"(?<![0-9A-Za-z])[159ANYany](?:{_GAP}[0-9A-Za-z]){{17}}(?![0-9A-Za-z])"
_PROJECT = "(?<![0-9])(?:[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}|[0-9]{20})(?![0-9])"
_APPLICATION = (
    r"(?<![0-9])20[0-9]{2} ?(?:年 ?)?[(\[【〔<{「] ?[0-9]{3,8} ?[)\]】〕>}」](?: ?号)?"
    r"|(?<![0-9.])20[0-9]{2} ?[-_/#] ?0[0-9]{2,7}(?![-0-9])(?: ?号)?"
    r"|(?<![0-9])20[0-9]{2}年?第?0[0-9]{3,7}号"
)
_CUED = "(?:编号|单号|申请号|受理号|办件号|流水号)[是为:,]{0,2} ?(?P<cued>[0-9]{4,14})(?![-(0-9])"
_MOBILE = rf"(?<![0-9A-Za-z.])(?:\+?86{_GAP})?1[3-9][0-9](?:{_GAP}[0-9]){{8}}(?![0-9A-Za-z])"
_LANDLINE = (
    r"(?<![0-9A-Za-z-])(?:\(0[0-9]{2,3}\)|0[0-9]{2,3})[ -]?[2-8][0-9]{6,7}"
    r"(?:(?:-|转)[0-9]{1,6})?(?![0-9A-Za-z])"
)
_ANY = re.compile(
    f"(?P<project>{_PROJECT})|(?P<code>{_CODE})|(?P<no>{_APPLICATION})|{_CUED}"
    f"|(?P<phone>{_MOBILE}|{_LANDLINE})"
)
_BLANK = re.compile("[ -]")
_COUNTRY = re.compile(r"^\+?86(?=1)")


def identifiers(text: str) -> list[Span]:
    """Every identifier of a repaired text, in order, never overlapping."""
    found = []
    for match in _ANY.finditer(text) if _DIGIT.search(text) else ():
        group = str(match.lastgroup)
        kind = "no" if group == "cued" else group
        value = _value(kind, match[group])
        if value is not None:
            found.append(Span(kind, match.start(group), match.end(group), value))
    return found


def _value(kind: str, text: str) -> str | None:
    if kind == "phone":
        return _phone(text)
    if kind != "code":
        return text
    code = _BLANK.sub("", text).upper()
    return code if code[0] in "159ANY" and code[2:8].isdecimal() else None


def _phone(text: str) -> str:
    """A mobile as digits alone; a landline as typed, without blanks."""
    digits = _BLANK.sub("", text)
    if digits[0] in "0(":
        return text.replace(" ", "").replace("(", "").replace(")", "-")
    return _COUNTRY.sub("", digits, count=1)
