"""Fitted networks → the bytes ``model.Model.read`` reads: eight bits a weight, compressed."""

import hashlib
import json
import lzma
from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.understanding.model import MIDDLE
from bot.understanding.training.fit import Floats, Weights
from bot.understanding.types import Intent

_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME}]
_ROUND = 6
"""Digits kept of the few weights that stay fractions."""


def pack(
    features: Sequence[str],
    intents: Sequence[Intent],
    nets: Sequence[Weights],
    caution: float,
    about: dict[str, Any],
) -> bytes:
    """One line of JSON, then the features and the weights."""
    names = "\n".join(features).encode()
    told, bodies = [], [names]
    for net in nets:
        inner, steps = _whole(net.inner, by_column=True)
        outer, outer_steps = _whole(net.outer, by_column=False)
        told.append(
            {
                "hidden": net.inner.shape[1],
                "steps": steps,
                "shifts": _short(net.shifts),
                "outer_step": outer_steps[0],
                "outer_shifts": _short(net.outer_shifts),
            }
        )
        bodies += [inner, outer]
    body = b"".join(bodies)
    head = {
        "format": 2,
        "about": about,
        "caution": caution,
        "intents": [each.value for each in intents],
        "features_bytes": len(names),
        "nets": told,
    }
    squeezed = lzma.compress(body, format=lzma.FORMAT_XZ, filters=_FILTERS)
    return json.dumps(head, sort_keys=True).encode() + b"\n" + squeezed


def _whole(weights: Floats, *, by_column: bool) -> tuple[bytes, list[float]]:
    """Weights as unsigned bytes around ``MIDDLE``, and what one step is worth."""
    most = np.abs(weights).max(axis=0 if by_column else None)
    steps = np.maximum(np.atleast_1d(most) / (MIDDLE - 1), 1e-9)
    whole = np.rint(weights / steps) + MIDDLE
    return whole.astype(np.uint8).tobytes(), [round(float(each), 9) for each in steps]


def _short(values: Floats) -> list[float]:
    return [round(float(each), _ROUND) for each in values]


def digest(parts: Sequence[str]) -> str:
    """A name for what a model was made from."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
