"""A target is judged by every reading it has; where readings disagree nothing is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.call import Operation, PlatformName
from gateway.domain.problem import RequestError
from gateway.pipeline.target import generous, survey
from gateway.platforms.registry import PLATFORMS
from gateway.policy.rules import Rules, UpstreamRules

SERVICENOW = PLATFORMS[PlatformName.SERVICENOW]
JIRA = PLATFORMS[PlatformName.JIRA]
RULES = Rules(
    version="",
    policies=(),
    templates={},
    upstreams={"sn": UpstreamRules(PlatformName.SERVICENOW), "jira": UpstreamRules(PlatformName.JIRA)},
)


@pytest.mark.parametrize(
    "target",
    [
        "/api/now/%74able/incident",
        "/api/now/table/%69ncident",
        "/api/now/x/../table/incident",
        "/api/now/x/%2e%2e/table/incident",
        "/api//now/table/incident",
        "/api/now/table/incident;jsessionid=1",
        "/api/now\\table\\incident",
        "/api/now%2ftable%2fincident",
        "/api/now%252ftable%252fincident",
        "/api/now/table/Incident.",
        "/API/now/table/incident",
    ],
)
def test_a_create_in_disguise_is_refused(target: str):
    with pytest.raises(RequestError, match="can be read as") as refused:
        survey("sn", "POST", target, RULES, SERVICENOW)

    assert refused.value.problem.status == 400


@pytest.mark.parametrize("target", ["/a b", "/caf\xe9", "/x\x7f", "api", "*", "http://elsewhere/api", "/a#b", ""])
def test_a_target_that_is_no_plain_path_is_refused(target: str):
    with pytest.raises(RequestError, match="visible ASCII"):
        survey("sn", "GET", target, RULES, SERVICENOW)


@pytest.mark.parametrize(
    "target",
    [
        "/api/now/table/incident?sysparm_query=a%2Fb^ORc=%20..%2F",
        "/api/now/v2/table/incident",
        "/api/now/table/incident/",
        "/api/now/attachment/file?file_name=..%2f..%2fx",
        "/some/u%2Fser/page",
    ],
)
def test_what_reads_one_way_only_passes(target: str):
    route, _ = survey("sn", "GET", target, RULES, SERVICENOW)

    assert route.operation is Operation.READ


def test_a_project_key_in_capitals_is_no_disguise():
    route, _ = survey("jira", "GET", "/rest/api/3/issue/OPS-1", RULES, JIRA)

    assert route.ticket == "OPS-1"


@given(st.text(max_size=80))
def test_the_generous_reading_is_its_own(path: str):
    assert generous(generous(path)) == generous(path)
