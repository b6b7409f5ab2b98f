"""What went wrong, as `application/problem+json` (RFC 9457)."""

from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from gateway.domain.problem import ProblemType
from gateway.web.api.documents.common import ErrorDocument, closed, described
from gateway.web.problems import type_of


@described
class ProblemDocument(TypedDict):
    """Why the gateway answered so."""

    type: Annotated[str, closed(type_of(each) for each in ProblemType)]
    title: str
    status: int
    detail: str
    """The cause, and the mend."""
    call_id: str
    errors: NotRequired[list[ErrorDocument]]
    """The fields at fault, where fields are."""
    upstream_status: NotRequired[int]
    """What the upstream answered, where it refused."""
    required: NotRequired[list[str]]
    """For missing variables: all that the template cannot do without."""
