"""Ids in addresses: an id that no database could hold is not found (404), not an error."""

from django.urls import register_converter


class Id:
    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Id, "id")
