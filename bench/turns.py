"""Things measured in turn, A B C A B C …, so that a busy moment of the machine meets them all."""

from collections.abc import Callable

from bench.report import Rounds


def in_turn(rounds: int, **measures: Callable[[], float]) -> dict[str, Rounds]:
    """Each measure once to warm up, then ``rounds`` times."""
    for measure in measures.values():
        measure()
    found: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            found[name].append(measure())
    return {name: Rounds(tuple(values)) for name, values in found.items()}
