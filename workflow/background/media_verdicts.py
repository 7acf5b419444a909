"""What the platform's checks of files found; whoever asked for a check finds it by its trace id."""

from models import MediaVerdict
from workflow.unit import Answer, Unit


async def record_verdict(unit: Unit, trace: str, error: int, suggest: str, label: int) -> Answer:
    """Keep a verdict. The first one stands: the platform judges a trace once.

    ``suggest`` pass, review or risky (empty with an ``error``); ``label`` as the platform numbers
    them, 100 for nothing found.
    """
    told = {"error": error, "suggest": suggest[:16], "label": label}
    await MediaVerdict.get_or_create(trace_id=trace, defaults={**told, "received_at": unit.now})
    return Answer({})
