"""What a city's file answers to a question, figure by figure, always with where it comes from."""

from bot.dialogue.guide.answering import alone, answer
from bot.dialogue.guide.cited import Asked, Cited, cited, unstated
from bot.dialogue.guide.permits import of_line

__all__ = ["Asked", "Cited", "alone", "answer", "cited", "of_line", "unstated"]
