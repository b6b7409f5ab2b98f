"""Both platforms stand in one place, each under its own name."""

import pytest

from gateway.domain.call import PlatformName
from gateway.platforms.registry import PLATFORMS


@pytest.mark.parametrize("name", PlatformName)
def test_every_platform_is_registered_under_its_name(name):
    platform = PLATFORMS[name]

    assert platform.name is name


@pytest.mark.parametrize(
    ("name", "link"),
    [
        (PlatformName.SERVICENOW, "/api/now/table/incident/1"),
        (PlatformName.JIRA, "/rest/api/3/issue/10000"),
        (PlatformName.JIRA, "/secure/attachment/10001/trace.txt"),
    ],
)
def test_api_links_lead_below_a_known_path(name, link):
    paths = PLATFORMS[name].link_paths()

    assert link.startswith(paths)


@pytest.mark.parametrize("name", PlatformName)
def test_links_for_people_are_no_api_links(name):
    platform = PLATFORMS[name]

    assert not {"web", "agent", "redirect_url", "redirect_portal_url"} & set(platform.link_keys())
    assert not "/browse/ABC-1".startswith(platform.link_paths())
    assert not "/nav_to.do".startswith(platform.link_paths())


@pytest.mark.parametrize("name", PlatformName)
def test_headers_with_links_are_named_in_lower_case(name):
    headers = PLATFORMS[name].link_headers()

    assert headers >= {"location", "link"}
    assert all(header == header.lower() for header in headers)
