"""The walk: a whole case over HTTP, by everybody it takes, checked against a hand-worked table.

Nothing of the product but its HTTP surface is used: no database, no use case, no calendar.
"""
