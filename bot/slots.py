"""A slot type of Dalil's own."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.slots import CategoricalSlot


class FirstValueSlot(CategoricalSlot):
    """A categorical slot whose first value stays, until it is set to nothing.

    For the guessed language of a conversation: a first greeting settles it, and a later "ok" or "les documents" must not change it.
    """

    type_name = "first_value"
    _value: Any

    @property
    def value(self) -> Any:
        """The value of the slot."""
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        if value is None or self._value is None:
            self._value = value
            self._has_been_set = True
