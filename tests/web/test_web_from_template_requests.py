"""What the tickets door is asked: whose login, which upstream, and what cannot be."""

from dataclasses import replace

import pytest
from web.tickets_door import SERVICENOW

from gateway.web.api.reading import LARGEST_BODY


async def test_without_credentials_anywhere_the_answer_says_what_to_set(door):
    door.upstreams["sn"] = replace(SERVICENOW, has_credentials=False)

    response, told = await door.post()

    assert (response.status, response.headers["ITSM-Error"]) == (503, "upstream-credentials")
    assert "upstreams.sn.credentials" in told["detail"]
    assert "ITSM-Upstream-Authorization" in told["detail"]
    assert door.courier.sent == []


async def test_the_callers_own_credentials_go_to_the_upstream(door):
    door.upstreams["sn"] = replace(SERVICENOW, has_credentials=False)

    response, _ = await door.post(headers={"ITSM-Upstream-Authorization": "Basic c2VjcmV0"})

    assert response.status == 201
    assert door.courier.sent[0].call.header("authorization") == "Basic c2VjcmV0"


async def test_where_the_gateway_has_credentials_the_callers_are_left_out(door):
    await door.post(headers={"ITSM-Upstream-Authorization": "Basic c2VjcmV0"})

    assert door.courier.sent[0].call.header("authorization") is None


async def test_a_dry_run_needs_no_credentials(door):
    door.upstreams["sn"] = replace(SERVICENOW, has_credentials=False)

    response, _ = await door.post(dry_run=True)

    assert response.status == 200


async def test_with_several_upstreams_of_the_platform_one_must_be_named(door):
    door.upstreams["sn2"] = replace(SERVICENOW, name="sn2")

    unnamed, told = await door.post()
    named, _ = await door.post(upstream="sn2")

    assert unnamed.status == 422
    assert told["errors"][0]["field"] == "upstream"
    assert "sn, sn2" in told["errors"][0]["message"]
    assert named.status == 201
    assert [forward.call.upstream for forward in door.courier.sent] == ["sn2"]


@pytest.mark.parametrize(
    ("changes", "field", "code", "told"),
    [
        ({"platform": "snow"}, "platform", "not_allowed", "servicenow or jira"),
        ({"platform": "jira"}, "platform", "not_allowed", "no upstream of jira is configured"),
        ({"upstream": "sn9"}, "upstream", "not_allowed", "must be one of sn"),
        ({"template": "rca"}, "template", "unknown_field", "did you mean template_name?"),
        ({"template_name": 7}, "template_name", "wrong_type", "must be text"),
        ({"variables": []}, "variables", "wrong_type", "must be an object"),
        ({"dry_run": "true"}, "dry_run", "wrong_type", "must be true or false"),
        ({"job_id": "x" * 201}, "job_id", "too_long", "at most 200"),
    ],
)
async def test_a_request_that_asks_for_what_cannot_be_names_the_key_and_the_mend(door, changes, field, code, told):
    response, problem = await door.post(**changes)

    assert response.status == 422
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]
    assert told in problem["errors"][0]["message"]


async def test_all_faults_of_a_request_are_told_at_once(door):
    response, problem = await door.post(body='{"platfrom": "jira", "variables": 1}')

    assert response.status == 422
    assert sorted(error["field"] for error in problem["errors"]) == [
        "platform",
        "platfrom",
        "template_name",
        "variables",
    ]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("[]", {}, 400),
        ('{"platform": "jira"', {}, 400),
        ('{"platform": "jira", "platform": "servicenow"}', {}, 400),
        ("{}", {"Content-Type": "text/plain"}, 415),
        ("{}", {"Content-Encoding": "gzip"}, 415),
        (" " * (LARGEST_BODY + 1), {}, 413),
    ],
)
async def test_a_body_that_cannot_be_read_in_one_way_only_is_refused(door, body, headers, status):
    response, problem = await door.post(body=body, headers=headers)

    assert response.status == status
    assert problem["detail"]
    assert door.courier.sent == []
