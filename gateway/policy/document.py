"""A file an operator wrote, as the room that reads files hands it over: parsed, with the line of every value."""

from collections.abc import Callable

from gateway.domain.fault import Fault
from gateway.domain.frozen import frozen


@frozen
class Document:
    """Plain JSON-like data.

    `line_of` takes a JSON Pointer; for a missing key it names the line of what should hold it.
    """

    file: str
    data: object
    line_of: Callable[[str], int]

    def fault(self, pointer: str, message: str) -> Fault:
        """A mistake at a place in this file."""
        return Fault(self.file, self.line_of(pointer), pointer, message)


def below(pointer: str, *parts: str | int) -> str:
    """The JSON Pointer of something inside what `pointer` names."""
    return "".join((pointer, *("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)))
