"""A request whose address and caller are understood."""

from datetime import datetime

from gateway.domain.frozen import frozen
from gateway.simulator.jira.errors import not_authenticated
from gateway.simulator.jira.site import Site
from gateway.simulator.messages import Request


@frozen
class Call:
    """One call of the REST API; `base` is the absolute address up to the version, `user` None is anonymous."""

    request: Request
    site: Site
    version: int
    base: str
    user: str | None
    at: datetime

    @property
    def caller(self) -> str:
        """The user, for what nobody may do anonymously."""
        if self.user is None:
            raise not_authenticated()
        return self.user

    @property
    def site_url(self) -> str:
        """The absolute address of the site itself."""
        return f"{self.request.origin}{self.site.context_path}"

    def number(self, name: str, default: int) -> int:
        """A whole number from the query."""
        text = self.request.parameters.get(name, "")
        return int(text) if text.isdecimal() else default
