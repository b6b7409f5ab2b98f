"""How ServiceNow receives a call: envelope of errors, credentials, session cookies, links, restarts."""

import pytest

from gateway.simulator import SimulatedServiceNow

INCIDENTS = "/api/now/table/incident"
JSON = {"Content-Type": "application/json"}


async def create(client, fields, path=INCIDENTS, **options):
    answer = await client.post(path, json=fields, **options)
    return (await answer.json())["result"]


@pytest.mark.parametrize(
    ("line", "body", "headers", "status", "message"),
    [
        (f"POST {INCIDENTS}", b"{", JSON, 400, "Exception while reading request"),
        (f"POST {INCIDENTS}", b'"text"', JSON, 400, "Exception while reading request"),
        (f"POST {INCIDENTS}", b"{}", {"Content-Type": "text/plain"}, 415, "Unsupported Media Type"),
        (f"POST {INCIDENTS}", b"", {}, 400, "Content-Type header is required"),
        ("POST /api/now/table/nonsense", b"{}", JSON, 400, "Invalid table nonsense"),
        ("POST /api/now/tables", b"{}", JSON, 400, "Requested URI does not represent any resource"),
        ("POST /api/now/table/sys_properties", b"{}", JSON, 403, "Operation Failed"),
        (f"POST {INCIDENTS}/1", b"{}", JSON, 405, "Method Not Allowed"),
        (f"GET {INCIDENTS}/1", None, {}, 404, "No Record found"),
        (f"GET {INCIDENTS}", None, {"Accept": "image/png"}, 406, "Not Acceptable"),
    ],
)
async def test_errors_come_in_the_platforms_envelope(client_of, line, body, headers, status, message):
    client = await client_of(SimulatedServiceNow())

    answer = await client.request(*line.split(), data=body, headers=headers, skip_auto_headers=["Content-Type"])

    document = await answer.json()
    assert (answer.status, document["error"]["message"], document["status"]) == (status, message, "failure")


async def test_a_write_without_accept_is_refused(client_of):
    client = await client_of(SimulatedServiceNow())

    answer = await client.post(INCIDENTS, json={}, skip_auto_headers=["Accept"])

    assert answer.status == 400


async def test_credentials_are_demanded_when_the_instance_has_some(client_of):
    servicenow = SimulatedServiceNow(credentials=("itsm", "secret"), tokens={"t0ken"})
    client = await client_of(servicenow)
    headers = [
        {},
        {"Authorization": "Basic aXRzbTp3cm9uZw=="},
        {"Authorization": "Basic nonsense"},
        {"Authorization": "Basic aXRzbTpzZWNyZXQ="},
        {"Authorization": "Bearer t0ken"},
        {"x-sn-apikey": "t0ken"},
    ]

    answers = [await client.get(INCIDENTS, headers=given) for given in headers]

    assert [answer.status for answer in answers] == [401, 401, 401, 200, 200, 200]
    assert answers[0].headers["WWW-Authenticate"] == 'Basic realm="Service-now"'
    assert (await answers[0].json())["error"]["message"] == "User Not Authenticated"


async def test_three_cookies_open_a_session_and_none_comes_again(client_of):
    client = await client_of(SimulatedServiceNow())

    opened = await client.get(INCIDENTS)
    client.session.cookie_jar.clear()
    carried = await client.get(INCIDENTS, headers={"Cookie": "JSESSIONID=1"})

    assert [cookie.partition("=")[0] for cookie in opened.headers.getall("Set-Cookie")] == [
        "JSESSIONID",
        "glide_user_route",
        "BIGipServerpool_dev",
    ]
    assert "Set-Cookie" not in carried.headers


async def test_state_outlives_the_app(client_of):
    servicenow = SimulatedServiceNow()
    created = await create(await client_of(servicenow), {"short_description": "x"})

    read = await (await client_of(servicenow)).get(f"{INCIDENTS}/{created['sys_id']}")

    assert read.status == 200


async def test_links_may_be_built_from_a_public_url(client_of):
    client = await client_of(SimulatedServiceNow(public_url="https://dev1.service-now.com/"))

    answer = await client.post(INCIDENTS, json={})

    assert answer.headers["Location"].startswith("https://dev1.service-now.com/api/now/table/incident/")


async def test_who_accepts_xml_alone_is_answered_in_xml(client_of):
    client = await client_of(SimulatedServiceNow())

    answer = await client.post(INCIDENTS, json={"short_description": "a < b"}, headers={"Accept": "application/xml"})

    assert answer.status == 201
    assert answer.content_type == "application/xml"
    assert "<short_description>a &lt; b</short_description>" in await answer.text()
