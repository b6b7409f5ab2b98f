"""Where in a file a value stands, so that a fault can name the line."""

from collections.abc import Mapping
from typing import NamedTuple

from gateway.domain.frozen import frozen


@frozen
class Lines:
    """The line of every JSON Pointer in a file, counted from 1."""

    known: Mapping[str, int]

    def of(self, pointer: str) -> int:
        """The line of a value; a missing key is found on the line of what should hold it."""
        while pointer not in self.known and pointer:
            pointer = pointer.rpartition("/")[0]
        return self.known.get(pointer, 1)


class Parsed(NamedTuple):
    """What a file says, and where."""

    data: object
    lines: Lines
