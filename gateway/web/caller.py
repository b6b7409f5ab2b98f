"""Whether somebody still waits for an answer."""

from aiohttp import web

from gateway.pipeline.handle import PATIENT
from gateway.pipeline.ports import Caller
from gateway.web.connection import Connection


def caller_of(request: web.BaseRequest) -> Caller:
    """Who is at the other end: a connection knows when it ends, and what cannot tell is taken to stay."""
    connection = request.protocol
    return connection if isinstance(connection, Connection) else PATIENT
