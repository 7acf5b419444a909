"""The tables of moves (domain §§2–3): registrations, applications, utility requests.

Written as data. A golden file in the tests shows the whole table, since losing a row is otherwise
silent. ``Tell`` names who gets a notice; ``Tick`` what happens to which deadline (domain §5).
"""

from rules.lifecycle import Subject, Table
from rules.moves.application import APPLICATION
from rules.moves.registration import REGISTRATION
from rules.moves.request import REQUEST

TABLES: dict[Subject, Table] = {
    Subject.REGISTRATION: REGISTRATION,
    Subject.APPLICATION: APPLICATION,
    Subject.REQUEST: REQUEST,
}

__all__ = ["APPLICATION", "REGISTRATION", "REQUEST", "TABLES"]
