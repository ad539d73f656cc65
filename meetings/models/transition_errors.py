from __future__ import annotations


class TransitionNotAllowed(Exception):
    """The meeting's state does not allow this. The message is a sentence for the user."""
