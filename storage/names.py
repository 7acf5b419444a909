"""The names people give their files: checked on the way in, made safe on the way out."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

from storage.errors import Refusal, refused

NAME_MAX: Final = 200
"""Characters; names are shown, never used as a path."""
FALLBACK: Final = "附件"

# fmt: off
_RUNS = frozenset((
    "ade", "adp", "apk", "asp", "aspx", "bash", "bat", "cer", "cgi", "chm", "class",
    "cmd", "cpl", "dll", "dmg", "docm", "exe", "hta", "htaccess", "htm", "html", "htt",
    "inf", "ins", "iso", "jar", "js", "jse", "jsp", "jspx", "ksh", "lnk", "mht", "mhtml",
    "mjs", "msc", "msi", "msp", "php", "php3", "php4", "php5", "phar", "phtml", "pif",
    "ps1", "py", "pyc", "rb", "reg", "scf", "scr", "sct", "sh", "shtml", "svg", "svgz",
    "swf", "sys", "vb", "vbe", "vbs", "wasm", "wsc", "wsf", "wsh", "xht", "xhtml", "xml",
    "xlsm", "xsl", "xslt", "zsh",
))
"""Endings something may run or show as a page, refused anywhere in a name."""
_ALLOWED = {"jpg": "image", "jpeg": "image", "jpe": "image", "jfif": "image", "png": "image",
            "webp": "image", "pdf": "pdf", "heic": "image", "heif": "image"}
# fmt: on
_EXTENSION = re.compile(r"[A-Za-z][A-Za-z0-9]{0,9}")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_REFUSED = {"Cc", "Cs", "Zl", "Zp"}
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])")


def check_name(declared: str | None) -> str:
    """The declared name, NFC, trimmed, without invisible characters; an absent one becomes 附件.

    Refuses control characters and marks of text direction, path separators, more than 200
    characters, and any ending, last or inner, that something may run.
    """
    if declared is None or not declared.strip():
        return FALLBACK
    if len(declared) > NAME_MAX:
        raise refused(Refusal.NAME_LONG, most=NAME_MAX)
    if any(unicodedata.category(c) in _REFUSED or c in _DIRECTION for c in declared):
        raise refused(Refusal.NAME_CONTROL)
    name = "".join(c for c in unicodedata.normalize("NFC", declared) if _visible(c)).strip()
    if "/" in name or "\\" in name or not name.strip(". "):
        raise refused(Refusal.NAME_PATH)
    for ending in re.split(r"[.:]", unicodedata.normalize("NFKC", name))[1:]:
        if ending.strip().lower() in _RUNS:
            raise refused(Refusal.NAME_EXECUTABLE, ending=ending.strip().lower())
    return name


def check_ending(name: str, *, is_pdf: bool) -> None:
    """Refuses a name whose ending promises something else than the content is.

    Image endings are alike here: phones name a PNG ``.jpg``, and the ending given out is ours.
    """
    ending = _ending(name)
    if ending is None:
        return
    if ending not in _ALLOWED:
        raise refused(Refusal.NAME_TYPE, ending=ending)
    if (_ALLOWED[ending] == "pdf") is not is_pdf:
        raise refused(Refusal.NAME_MISMATCH, ending=ending)


def download_name(name: str, extension: str) -> str:
    """A name any system can save: the checked name with the ending its content has."""
    ending = _ending(name)
    stem = name[: -len(ending) - 1] if ending in _ALLOWED else name
    stem = re.sub(r'[<>:"/\\|?*%;]', "_", stem).strip(". ")
    if not stem or _RESERVED.fullmatch(stem.partition(".")[0]):
        stem = f"{FALLBACK}{stem}"
    return f"{stem[: NAME_MAX - len(extension) - 1]}.{extension}"


def content_disposition(name: str, *, inline: bool) -> str:
    """RFC 6266: an ASCII name for old clients, the real one by RFC 8187 (UTF-8)."""
    ascii_name = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def download_headers(name: str, mime: str, size: int, *, inline: bool) -> dict[str, str]:
    """Headers of a download. Nothing is sniffed, run, framed or kept by caches between."""
    return {
        "Content-Type": mime,
        "Content-Length": str(size),
        "Content-Disposition": content_disposition(name, inline=inline),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-site",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, no-store",
    }


def _visible(char: str) -> bool:
    return unicodedata.category(char) not in _HIDDEN


def _ending(name: str) -> str | None:
    """The last ending in lower case, if it looks like one (``2026.11`` has none)."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem and _EXTENSION.fullmatch(ending) else None
