"""What one would write first: FastAPI for the door, httpx to go out, tenacity to try again. Not safe, and not fast."""

import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response
from tenacity import retry, retry_if_exception_type, retry_if_result, stop_after_attempt, wait_exponential

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
RETRYABLE = frozenset({429, 500, 502, 503, 504})


@asynccontextmanager
async def client(app: FastAPI) -> AsyncIterator[None]:
    async with httpx.AsyncClient(base_url=sys.argv[2], timeout=30) as app.state.client:
        yield


app = FastAPI(lifespan=client)


@retry(
    stop=stop_after_attempt(4),
    wait=wait_exponential(),
    retry=retry_if_exception_type(httpx.TransportError) | retry_if_result(lambda got: got.status_code in RETRYABLE),
)
async def send(request: Request, body: bytes) -> httpx.Response:
    target = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    headers = [(name, value) for name, value in request.headers.items() if name not in {"host", "content-length"}]
    return await app.state.client.request(request.method, target, headers=headers, content=body)


@app.api_route("/{path:path}", methods=METHODS)
async def forward(request: Request) -> Response:
    answer = await send(request, await request.body())
    return Response(answer.content, answer.status_code, dict(answer.headers))


server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
server.run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
