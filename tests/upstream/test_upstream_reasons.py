"""What is said of a broken exchange: the system's words and the address, never the library's."""

import socket

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from gateway.upstream.reasons import reason


async def _failure(url: str) -> Exception:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError) as failed:
            await session.get(url)
    return failed.value


async def test_nobody_listening_is_a_refused_connection_with_its_address():
    port = unused_port()

    assert reason(await _failure(f"http://127.0.0.1:{port}/")) == f"Connection refused (127.0.0.1:{port})"


async def test_plain_http_where_tls_is_expected_is_told_as_that():
    async with TestServer(web.Application()) as server:
        port = server.port
        said = reason(await _failure(f"https://127.0.0.1:{port}/"))

    assert said == f"TLS fails: wrong version number (127.0.0.1:{port})"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "Name or service not known"),
        (ConnectionResetError(104, "by a library, in its words"), "Connection reset by peer"),
        (OSError("Multiple exceptions: one, two"), "Multiple exceptions: one, two"),
        (aiohttp.ServerDisconnectedError(), "Server disconnected"),
        (aiohttp.ClientPayloadError("the answer broke off"), "the answer broke off"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_every_other_failure_keeps_the_best_words_there_are(error: Exception, said: str):
    assert reason(error) == said
