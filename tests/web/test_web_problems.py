import json

import pytest
from aiohttp import web

from gateway.domain.fault import StoreUnavailable
from gateway.domain.problem import Code, Problem, ProblemType, RequestError, Violation
from gateway.pipeline.ports import Ports
from gateway.telemetry.last_seen import LastSeen
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.telling import TellAll
from gateway.web.body import ClientGone
from gateway.web.errors import tell_problems
from gateway.web.keys import PORTS
from gateway.web.problems import TITLES, problem_response


def a_client(aiohttp_client, metrics, error: Exception):
    async def fail(_request: web.Request) -> web.Response:
        raise error

    app = web.Application(middlewares=[tell_problems])
    telling = TellAll((metrics, LastSeen(lambda: 0.0)))
    app[PORTS] = Ports(lambda: 0.0, lambda: "c" * 32, None, {}, None, None, None, telling, {})
    app.router.add_get("/fail", fail)
    return aiohttp_client(app)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics("1")


def test_a_problem_document_tells_everything_that_is_known():
    violation = Violation("urgency", Code.NOT_ALLOWED, "must be one of 1, 2, 3")
    problem = Problem(ProblemType.VALIDATION_FAILED, 422, "1 field is at fault", (violation,), 5, 400)

    response = problem_response(problem, "c1")

    assert response.status == 422
    assert response.content_type == "application/problem+json"
    assert response.headers["ITSM-Error"] == "validation-failed"
    assert response.headers["ITSM-Call-Id"] == "c1"
    assert response.headers["Retry-After"] == "5"
    assert json.loads(response.body) == {
        "type": "urn:itsm-gateway:problem:validation-failed",
        "title": "What was sent breaks a rule",
        "status": 422,
        "detail": "1 field is at fault",
        "call_id": "c1",
        "errors": [{"field": "urgency", "code": "not_allowed", "message": "must be one of 1, 2, 3"}],
        "upstream_status": 400,
    }


def test_what_is_not_known_is_left_out():
    response = problem_response(Problem(ProblemType.NOT_FOUND, 404, "nothing"), None)

    assert json.loads(response.body).keys() == {"type", "title", "status", "detail"}
    assert "Retry-After" not in response.headers


def test_every_problem_type_has_a_title_of_its_own():
    assert TITLES.keys() == set(ProblemType)
    assert len(set(TITLES.values())) == len(ProblemType)


async def test_a_request_that_cannot_be_read_is_answered_and_counted(aiohttp_client, metrics):
    error = RequestError(Problem(ProblemType.MALFORMED_REQUEST, 400, "no JSON"))
    client = await a_client(aiohttp_client, metrics, error)

    response = await client.get("/fail")

    assert response.status == 400
    assert (await response.json(content_type=None))["call_id"] == "c" * 32
    counted = metrics._registry.get_sample_value("itsm_requests_refused_total", {"problem": "malformed-request"})
    assert counted == 1


async def test_a_bug_is_told_by_its_id_and_logged_with_its_traceback(aiohttp_client, metrics, caplog):
    client = await a_client(aiohttp_client, metrics, ZeroDivisionError("private words"))

    response = await client.get("/fail")

    text = await response.text()
    assert response.status == 500
    assert response.headers["ITSM-Error"] == "internal"
    assert "c" * 32 in text
    assert "private words" not in text
    assert "Traceback" not in text
    (record,) = [record for record in caplog.records if record.name == "gateway.web.errors"]
    assert record.call_id == "c" * 32
    assert "ZeroDivisionError: private words" in caplog.text


async def test_records_that_cannot_be_read_are_told_with_a_time_to_come_back(aiohttp_client, metrics):
    client = await a_client(aiohttp_client, metrics, StoreUnavailable("the disk is full"))

    response = await client.get("/fail")

    assert response.status == 503
    assert response.headers["Retry-After"] == "5"
    assert response.headers["ITSM-Error"] == "store-unavailable"


async def test_a_path_and_a_method_that_do_not_exist_are_told_apart(aiohttp_client, metrics):
    client = await a_client(aiohttp_client, metrics, ZeroDivisionError())

    missing, wrong = await client.get("/nowhere"), await client.post("/fail")

    assert (missing.status, missing.headers["ITSM-Error"]) == (404, "not-found")
    assert (wrong.status, wrong.headers["ITSM-Error"]) == (405, "method-refused")
    assert wrong.headers["Allow"] == "GET,HEAD"
    assert "takes GET, HEAD, not POST" in (await wrong.json(content_type=None))["detail"]


async def test_too_large_a_body_is_a_problem_document_too(aiohttp_client, metrics):
    client = await a_client(aiohttp_client, metrics, web.HTTPRequestEntityTooLarge(max_size=10, actual_size=20))

    response = await client.get("/fail")

    assert (response.status, response.headers["ITSM-Error"]) == (413, "too-large")


async def test_a_redirect_is_no_problem(aiohttp_client, metrics):
    client = await a_client(aiohttp_client, metrics, web.HTTPFound("/elsewhere"))

    response = await client.get("/fail", allow_redirects=False)

    assert (response.status, response.headers["Location"]) == (302, "/elsewhere")


@pytest.mark.parametrize("error", [ClientGone(), ConnectionResetError()])
async def test_a_client_that_has_gone_leaves_no_traceback(aiohttp_client, metrics, caplog, error):
    client = await a_client(aiohttp_client, metrics, error)

    response = await client.get("/fail")

    assert response.status == 499
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
