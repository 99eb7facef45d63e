"""One page of a long list, and where the next begins."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Items in order, and the opaque cursor of the next page or None on the last."""

    items: tuple[Item, ...]
    next: str | None
