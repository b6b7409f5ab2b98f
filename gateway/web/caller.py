"""Whether somebody still waits for an answer."""

from aiohttp import web

from gateway.domain.frozen import frozen


@frozen
class Connected:
    """The caller at the other end of a connection."""

    request: web.BaseRequest

    def has_left(self) -> bool:
        """Whether the connection is gone, so that no answer can reach it."""
        transport = self.request.transport
        return transport is None or transport.is_closing()
