"""A glance: one row by one statement, and nothing around it that costs more than the look-up.

SQLAlchemy takes some 90 µs to begin a transaction, find the compiled statement, wrap the row and
end; its pool and the driver alone take 25. Worth the trouble only for what every reader asks.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, Select


class Glance:
    """One statement for at most one row, compiled once; safe to share between threads.

    Args:
        engine: whose connections are borrowed.
        statement: with a `bindparam` for each value.
    """

    def __init__(self, engine: Engine, statement: Select[*tuple[Any, ...]]) -> None:
        dialect = engine.dialect
        self._engine = engine
        self._statement = statement
        self._compiled = statement.compile(dialect=dialect)
        self._sql = str(self._compiled)
        self._processors = [
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in statement.selected_columns
        ]

    def take(self, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return the row, None if there is none.

        Whatever goes wrong is left to SQLAlchemy to meet again, and to tell in its own words.
        """
        try:
            row = self._fetch(values)
        except self._engine.dialect.loaded_dbapi.Error:
            with self._engine.begin() as connection:
                found = connection.execute(self._statement, dict(values)).one_or_none()
            return None if found is None else tuple(found)
        if row is None:
            return None
        return tuple(
            process(value) if process else value
            for process, value in zip(self._processors, row, strict=True)
        )

    def _fetch(self, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Fetch the row on a connection of the pool, which ends whatever was begun."""
        bound: Any = self._compiled.construct_params(dict(values))
        if self._compiled.positiontup is not None:
            bound = [bound[name] for name in self._compiled.positiontup]
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(self._sql, bound)
            row: tuple[Any, ...] | None = cursor.fetchone()
            cursor.close()
        except BaseException:
            connection.invalidate()
            raise
        finally:
            connection.close()
        return row
