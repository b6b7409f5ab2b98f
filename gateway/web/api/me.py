"""`/api/v1/me`: who the gateway takes the asker for."""

from aiohttp import web

from gateway.pipeline import strict_json
from gateway.web.api.documents.health import MeDocument
from gateway.web.api.endpoint import Endpoint, routes_of
from gateway.web.keys import ACTOR


async def show_me(request: web.Request) -> web.Response:
    """Name and role."""
    actor = request[ACTOR]
    told = strict_json.write({"name": actor.name, "role": actor.role.value})
    return web.Response(body=told, content_type="application/json", headers={"Cache-Control": "no-store"})


ENDPOINTS = (Endpoint("GET", "/api/v1/me", show_me, {200: MeDocument}),)


def routes() -> list[web.RouteDef]:
    """For the console's sign-in, and for whoever wants to try a token."""
    return routes_of(ENDPOINTS)
