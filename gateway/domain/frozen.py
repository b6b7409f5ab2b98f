"""How values are declared: slotted dataclasses that nobody changes once they are made.

The type checker sees to that, so it costs nothing at run time: a dataclass that refuses assignments by itself sets each
of its fields through a call, and takes seven times as long to make.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform, overload

Value = TypeVar("Value")


@overload
def frozen(cls: type[Value]) -> type[Value]: ...


@overload
def frozen(*, order: bool = False) -> Callable[[type[Value]], type[Value]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(
    cls: type[Value] | None = None, *, order: bool = False
) -> type[Value] | Callable[[type[Value]], type[Value]]:
    """Make the class a value: compared, hashed and shown by its fields; `order` lets it be sorted by them, too."""
    declare = dataclass(slots=True, unsafe_hash=True, order=order)
    return declare if cls is None else declare(cls)
