"""The writers' sentences: ``writers/*.tsv``, one writer a file, a sentence a line.

``intent<TAB>text<TAB>slots``, slots in the short form ``u:water,gas|k:increase|d:明天下午``.
"""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.types import Intent

WRITERS = Path(__file__).parent / "writers"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its label; ``slots`` as written."""

    writer: str
    line: int
    intent: Intent
    text: str
    slots: str = ""

    @property
    def key(self) -> str:
        """Equal for sentences that differ in punctuation and width alone."""
        text = unicodedata.normalize("NFKC", self.text).casefold()
        return "".join(c for c in text if c.isalnum()) or text


def read(folder: Path = WRITERS) -> list[Sentence]:
    """Every sentence, by writer and line. ValueError names the file and line of a fault."""
    return [each for path in sorted(folder.glob("*.tsv")) for each in _file(path)]


def _file(path: Path) -> Iterable[Sentence]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        intent, _, rest = line.partition("\t")
        text, _, slots = rest.partition("\t")
        try:
            yield Sentence(path.stem, number, Intent(intent), text, slots.strip())
        except ValueError as fault:
            raise ValueError(f"{path.name} line {number}: {fault}") from fault


def distinct(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Each sentence once: of those written alike the first stays."""
    found: dict[str, Sentence] = {}
    for each in sentences:
        found.setdefault(each.key, each)
    return list(found.values())


def fingerprint(sentences: Iterable[Sentence]) -> str:
    """Changes when a sentence, its label or its writer does."""
    told = "\n".join(f"{each.writer}\t{each.intent}\t{each.text}" for each in sentences)
    return hashlib.sha256(told.encode()).hexdigest()
