"""Logs: one JSON line an event, UTC, nothing that breaks out of its line, no personal data.

The masks are the last defence, not the first: nobody logs bodies, queries or names on purpose.
"""

import logging
import re
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson
import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

_MASK = "***"
_MAX_TEXT = 2000
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Controls (CR, LF, ESC), bidi and invisible signs, lone surrogates."""
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))}
_PERSONAL = (
    # 18 signs: unified social credit codes (统一社会信用代码) and identity numbers
    re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NP-RT-UW-Y]{2}[0-9]{6}[0-9A-Za-z]{10}(?![0-9A-Za-z])"),
    re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])"),
    # mobile phones, with or without +86 and separators; landlines with an area code
    re.compile(
        r"(?<![0-9A-Za-z])(?:(?:\+|00)?86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}){2}(?![0-9A-Za-z])"
    ),
    re.compile(r"(?<![0-9A-Za-z-])0[0-9]{2,3}[- ][0-9]{7,8}(?![0-9A-Za-z])"),
    re.compile(r"[0-9A-Za-z._%+-]{1,64}@[0-9A-Za-z.-]{1,255}\.[A-Za-z]{2,}"),
)
_SUSPECT = re.compile(r"[0-9]{6}|[0-9]{3}[- ][0-9]{4}|[@\x00-\x1f\x7f]|[^\x00-\x7f]")
"""What a text must hold for any of the above to be found in it; most hold none of it."""
_QUIET = ("httpx", "httpcore", "asyncio", "jieba", "PIL", "tortoise", "sanic.server", "sanic.root")


def safe_text(text: str) -> str:
    """``text`` without personal numbers and without a sign that could leave its line."""
    if len(text) <= _MAX_TEXT and not _SUSPECT.search(text):
        return text
    shown = text[:_MAX_TEXT] + ("…" if len(text) > _MAX_TEXT else "")
    shown = shown if shown.isascii() else shown.translate(_WIDE)
    for pattern in _PERSONAL:
        shown = pattern.sub(_MASK, shown)
    return _UNSAFE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", shown)


def safe_value(value: Any) -> Any:
    """A JSON value of the same shape in which every text, keys too, is safe."""
    if type(value) is str:
        return safe_text(value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        if -100_000 < value < 100_000:
            return value
        masked = safe_text(str(value))
        return value if masked == str(value) and abs(value) < 2**63 else masked
    if isinstance(value, Mapping):
        return {safe_text(str(key)): safe_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [safe_value(inner) for inner in value]
    if isinstance(value, bytes):
        return safe_text(value.decode("utf-8", "replace"))
    return safe_text(str(value))


def _make_safe(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    # "_record" and "_from_structlog" are objects of the logging bridge, removed before writing
    return {
        key: value if key.startswith("_") else safe_value(value) for key, value in event.items()
    }


def _line(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return orjson.dumps(event).decode()


class Plain:
    """Lines of one event at level info, without the detours of the logging libraries: they cost a
    tenth of a short answer. Same members, same masks, same stream.
    """

    def __init__(self, name: str, event: str) -> None:
        self._logger = logging.getLogger(name)
        self._ends = {"event": event, "level": "info", "logger": name}

    def write(self, **values: Any) -> None:
        """One line."""
        if not self._logger.isEnabledFor(logging.INFO):
            return
        line = {key: safe_value(value) for key, value in values.items()} | self._ends
        line["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        text = orjson.dumps(line).decode() + "\n"
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler):
                with handler.lock or nullcontext():
                    handler.stream.write(text)
                    handler.flush()


def configure(level: str = "INFO", *, stream: TextIO | None = None) -> None:
    """Send structlog and the libraries' logging to ``stream`` (default stdout) as JSON lines."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                _make_safe,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _line,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    for name in ("sanic.root", "sanic.error", "sanic.access", "sanic.server"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger; bind what holds for the whole request with ``structlog.contextvars``."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
