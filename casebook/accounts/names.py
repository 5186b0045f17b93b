"""How a person who works here is called on every screen."""

from typing import Any


def account_name(user: Any) -> str:
    """« Camille Roux », or the name they log in with."""
    return user.get_full_name() or user.get_username()  # type: ignore[no-any-return]
