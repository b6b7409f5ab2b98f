"""`/openapi.json` and `/docs` tell what the API takes, without anything from elsewhere."""

import re

import pytest
from aiohttp import web

from gateway.web import docs


@pytest.fixture
async def client(aiohttp_client):
    app = web.Application()
    app.add_routes(docs.routes())
    return await aiohttp_client(app)


async def test_the_page_names_every_address_and_every_document(client):
    told = await (await client.get("/openapi.json")).json()

    page = await (await client.get("/docs")).text()

    assert [path for path in told["paths"] if f"<code>{path}</code>" not in page] == []
    assert [name for name in told["components"]["schemas"] if f'id="{name}"' not in page] == []


async def test_every_link_within_the_page_leads_somewhere(client):
    page = await (await client.get("/docs")).text()

    targets = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= targets


async def test_the_page_runs_no_script_and_loads_nothing_but_its_style(client):
    answer = await client.get("/docs")

    page = await answer.text()
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?!#)([^"]+)"', page) == ["docs/style.css", "openapi.json"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert (await client.get("/docs/style.css")).content_type == "text/css"
