"""The fewest lines that make a reverse proxy of aiohttp: what the gateway is measured against."""

import socket
import sys

from aiohttp import ClientSession, web

SESSION = web.AppKey("session", ClientSession)


async def session(app: web.Application):
    async with ClientSession(sys.argv[2], auto_decompress=False) as app[SESSION]:
        yield


async def forward(request: web.Request) -> web.Response:
    headers = {name: value for name, value in request.headers.items() if name not in {"Host", "Content-Length"}}
    body = await request.read() or None
    async with request.app[SESSION].request(request.method, request.raw_path, headers=headers, data=body) as answer:
        return web.Response(status=answer.status, headers=answer.headers, body=await answer.read())


app = web.Application(client_max_size=2**30)
app.cleanup_ctx.append(session)
app.router.add_route("*", "/{path:.*}", forward)
web.run_app(app, sock=socket.socket(fileno=int(sys.argv[1])), access_log=None, print=None)
