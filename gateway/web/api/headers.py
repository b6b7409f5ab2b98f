"""Headers that an address takes and gives beside its documents, as the description names them."""

from collections.abc import Iterable
from typing import Any, Final

from gateway.domain.frozen import frozen

_LONGEST: Final = 200


@frozen
class Header:
    """One header; none is ever required. `type` is JSON Schema's, `values` the closed set where it is one."""

    name: str
    says: str
    type: str = "string"
    values: tuple[str, ...] = ()
    longest: int | None = None

    @property
    def schema(self) -> dict[str, Any]:
        """What its value may be."""
        told: dict[str, Any] = {"type": self.type}
        if self.values:
            told["enum"] = list(self.values)
        if self.longest is not None:
            told |= {"minLength": 1, "maxLength": self.longest}
        return told


CREATE_TAKES: Final = (
    Header(
        "Idempotency-Key",
        "The caller's name for this create: sent again with the same body it gets the first answer, with another 422.",
        longest=_LONGEST,
    ),
    Header(
        "ITSM-Call-Id",
        "The id of the call that this one repeats; it counts as the key where no other is sent.",
        longest=_LONGEST,
    ),
    Header("Prefer", "`respond-async`: accept with 202, and deliver later."),
    Header(
        "ITSM-Upstream-Authorization",
        "The login for the upstream, where the gateway has none of its own; used for this call alone and never stored.",
    ),
)

CREATE_GIVES: Final = (
    Header("ITSM-Call-Id", "The call's id on `GET /api/v1/calls/{id}`."),
    Header("ITSM-Outcome", "How it ended, in one word."),
    Header("ITSM-Retry-Attempts", "Attempts after the first; 0 when the first one did it.", "integer"),
    Header("ITSM-Violations", "How many rules it broke whose policy only warns.", "integer"),
    Header("ITSM-Changed-Fields", "Fields that the platform stored otherwise than they were sent."),
    Header("ITSM-Fenced", "Whether a lost answer could have been found again.", values=("true", "false")),
    Header("Idempotency-Replayed", "This is the answer of the first call of its key.", values=("true",)),
    Header("Location", "Where the call can be followed, with 202."),
)

PROBLEM_GIVES: Final = (
    Header("ITSM-Error", "The problem's type, on every answer that the gateway made itself."),
    Header("ITSM-Call-Id", "The call that it happened to, where there was one."),
    Header("Retry-After", "Whole seconds after which another try makes sense.", "integer"),
)

PAGE_GIVES: Final = (Header("Link", 'The following page, as `rel="next"`.'),)

STREAM_TAKES: Final = (Header("Last-Event-ID", "Go on after this event."),)


def as_parameters(headers: Iterable[Header]) -> list[dict[str, Any]]:
    """What a request may carry."""
    return [{"name": each.name, "in": "header", "description": each.says, "schema": each.schema} for each in headers]


def as_answered(headers: Iterable[Header]) -> dict[str, Any]:
    """What an answer may carry, by name."""
    return {each.name: {"description": each.says, "schema": each.schema} for each in headers}
