"""Marks: what the worker remembers from one round to the next, and over a restart."""

from sqlalchemy import Connection, bindparam, select, text, update

from moderation.storage.tables.models import marks

GET = select(marks.c.value).where(marks.c.name == bindparam("name"))
PUT = text(
    """
    INSERT INTO marks (name, value) VALUES (:name, :value)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
    """
)
CLAIM = text(
    """
    INSERT INTO marks (name, value) VALUES (:name, :value)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE marks.value <> excluded.value
    """
)
MOVE = (
    update(marks)
    .where(marks.c.name == bindparam("of_name"), marks.c.value == bindparam("seen"))
    .values(value=bindparam("after"))
)


class Marks:
    """Short texts by name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> str | None:
        """Return what was put under `name`, if anything was."""
        value: str | None = self._connection.execute(GET, {"name": name}).scalar()
        return value

    def put(self, name: str, value: str) -> None:
        """Put `value` under `name`, in place of what was there."""
        self._connection.execute(PUT, {"name": name, "value": value})

    def move(self, name: str, seen: str, value: str) -> bool:
        """Put `value` where `seen` still is, and tell whether it was: one of many wins."""
        values = {"of_name": name, "seen": seen, "after": value}
        return bool(self._connection.execute(MOVE, values).rowcount)

    def claim(self, name: str, value: str) -> bool:
        """Put `value` unless it is there already, and tell whether it was not: one of many wins."""
        return bool(self._connection.execute(CLAIM, {"name": name, "value": value}).rowcount)
