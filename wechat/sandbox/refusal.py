"""The platform's way of saying no: a number and words that end with a changing trace id."""

import secrets

WRONG = frozenset(
    {
        *(40002, 40003, 40007, 40013, 40016, 40017, 40018, 40019, 40020, 40023, 40025, 40026),
        *(40027, 40037, 40066, 40097, 40119, 40125, 40129, 40155, 41001, 41002, 41004, 41006),
        *(41008, 41030, 43104, 43301, 43302, 44002, 45002, 45008, 45072, 45157, 47001, 47003),
        *(40004, 40006, 40008, 40165, 40169, 40212, 41005, 44004, 45162, 48001, 85401, 85402),
    }
)
"""Numbers only a faulty program earns. The others happen to a correct one: codes run out,
tokens age, people refuse."""


class Refusal(Exception):
    """Ends a call with ``errcode``; one of ``WRONG`` also raises the fault flag."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {errmsg}")
        self.errcode = errcode
        self.errmsg = errmsg

    def body(self) -> dict[str, object]:
        """The answer, its words made unusable for comparison like the platform's."""
        return {"errcode": self.errcode, "errmsg": f"{self.errmsg} {rid()}"}


def rid() -> str:
    """``rid: xxxxxxxx-xxxxxxxx-xxxxxxxx``, different every time."""
    parts = "-".join(secrets.token_hex(4) for _ in range(3))
    return f"rid: {parts}"
