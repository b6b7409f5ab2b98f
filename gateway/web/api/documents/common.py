"""What many documents have in common: instants, names from closed sets, and where a page goes on."""

from collections.abc import Iterable
from typing import Annotated, Any, Final, TypeAlias

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from gateway.domain.call import Operation, PlatformName
from gateway.domain.outcome import OutcomeKind
from gateway.domain.problem import Code
from gateway.records.state import State

described: Final = with_config(ConfigDict(use_attribute_docstrings=True))
"""For a document whose attributes' docstrings are for its readers."""


def closed(names: Iterable[str]) -> Any:
    """A text that is one of these names."""
    return Field(json_schema_extra={"enum": list(names)})


AnyJson: TypeAlias = Any
"""A value that the platform, or who wrote the config, gives its shape."""

Instant: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Platform: TypeAlias = Annotated[str, closed(PlatformName)]
Outcome: TypeAlias = Annotated[str, closed(OutcomeKind)]
CallState: TypeAlias = Annotated[str, closed(State)]
OperationName: TypeAlias = Annotated[str, closed(Operation)]
Source: TypeAlias = Annotated[str, closed(("proxy", "template"))]
FaultCode: TypeAlias = Annotated[str, closed(Code)]


@described
class ErrorDocument(TypedDict):
    """One field at fault, and how to mend it."""

    field: str
    """`labels.0` below the first level."""
    code: FaultCode
    message: str


@described
class TimeWindow(TypedDict):
    """From `since` until before `until`."""

    since: Instant | None
    until: Instant | None
