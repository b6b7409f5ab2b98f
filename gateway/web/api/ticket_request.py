"""What `POST /api/v1/tickets/from-template` is sent."""

from typing import Any, Final

from pydantic import Field

from gateway.domain.call import PlatformName
from gateway.web.api.reading import Request

_LONGEST: Final = 200


class TicketRequest(Request):
    """A ticket to be made from a template."""

    platform: PlatformName = Field(strict=False)
    """Where the ticket is made."""
    template_name: str = Field(min_length=1, max_length=_LONGEST)
    """One of the platform's templates."""
    variables: dict[str, Any] = Field(default={})
    """The values of the template's variables, by name; any JSON value."""
    job_id: str | None = Field(default=None, min_length=1, max_length=_LONGEST)
    """The job the ticket is about; templates may use it as a variable."""
    dry_run: bool = False
    """Show the payload and its violations, and send nothing."""
    upstream: str | None = None
    """Which of the platform's upstreams, where there are several."""
