"""A text reply holds at most 600 characters and 1,800 bytes: longer ones are split at lines."""

from bot.dialogue.replies import Choice, Reply, Say
from config.texts.chat import chat

CHARACTERS = 600
BYTES = 1800


def fits(text: str, choices: tuple[Choice, ...] = ()) -> bool:
    """Whether a text with its choices below fits into one message."""
    whole = "\n".join((text, *(choice.label for choice in choices)))
    return len(whole) <= CHARACTERS and len(whole.encode("utf-8", "replace")) <= BYTES


def split(say: Say) -> tuple[Say, ...]:
    """One text as messages that fit; choices and links stay with the last."""
    if fits(say.text, say.choices):
        return (say,)
    parts: list[str] = []
    for line in say.text.split("\n"):
        for piece in _pieces(line):
            joined = f"{parts[-1]}\n{piece}" if parts else piece
            if parts and fits(joined):
                parts[-1] = joined
            else:
                parts.append(piece)
    *before, last = parts
    if not fits(last, say.choices):
        head, _, tail = last.rpartition("\n")
        before, last = ([*before, head] if head else before), tail
    if not fits(last, say.choices):
        before, last = [*before, last], chat("common.choose")
    return (*(Say(part) for part in before if part), Say(last, say.choices, say.links))


def _pieces(line: str) -> list[str]:
    """A line cut where it does not fit by itself."""
    pieces = []
    while not fits(line):
        at = CHARACTERS
        while not fits(line[:at]):
            at -= 50
        pieces.append(line[:at])
        line = line[at:]
    return [*pieces, line]


def fitting(replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
    """Replies as they can be sent, as few as possible: texts that fit together are one."""
    made: list[Reply] = []
    for reply in replies:
        before = made[-1] if made else None
        if isinstance(reply, Say) and isinstance(before, Say) and not before.choices:
            links = tuple(dict.fromkeys((*before.links, *reply.links)))
            joined = Say(f"{before.text}\n\n{reply.text}", reply.choices, links)
            if fits(joined.text, joined.choices):
                made[-1] = joined
                continue
        made += split(reply) if isinstance(reply, Say) else (reply,)
    return tuple(made)
