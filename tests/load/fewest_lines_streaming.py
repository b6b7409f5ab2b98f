"""The same few lines, but bodies stream both ways: what the gateway's streaming is measured against."""

import socket
import sys

from aiohttp import ClientSession, web

SESSION = web.AppKey("session", ClientSession)


async def session(app: web.Application):
    async with ClientSession(sys.argv[2], auto_decompress=False) as app[SESSION]:
        yield


async def forward(request: web.Request) -> web.StreamResponse:
    headers = {name: value for name, value in request.headers.items() if name != "Host"}
    body = request.content if request.body_exists else None
    async with request.app[SESSION].request(request.method, request.raw_path, headers=headers, data=body) as answer:
        response = web.StreamResponse(status=answer.status, headers=answer.headers)
        await response.prepare(request)
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
        await response.write_eof()
        return response


app = web.Application()
app.cleanup_ctx.append(session)
app.router.add_route("*", "/{path:.*}", forward)
web.run_app(app, sock=socket.socket(fileno=int(sys.argv[1])), access_log=None, print=None)
