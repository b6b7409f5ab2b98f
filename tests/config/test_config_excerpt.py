"""A fault of a policy is shown with the lines around it; one of the config is not, for a secret may stand there."""

from gateway.config.documents import Text
from gateway.config.excerpt import with_excerpts
from gateway.domain.fault import Fault

POLICY = Text("policies/a.yaml", b"name: a\nplatform: servicenow\nmatch: {}\nmode: enforced\nsla: {}\n" + b"x" * 300)


def test_a_fault_is_shown_with_the_lines_around_it():
    (fault,) = with_excerpts((Fault("policies/a.yaml", 4, "/mode", "must be one of enforce, warn, off"),), (POLICY,))

    assert fault.excerpt == (
        (2, "platform: servicenow"),
        (3, "match: {}"),
        (4, "mode: enforced"),
        (5, "sla: {}"),
        (6, "x" * 200),
    )


def test_the_first_line_has_none_before_it():
    (fault,) = with_excerpts((Fault("policies/a.yaml", 1, "", "is no policy"),), (POLICY,))

    assert [number for number, _ in fault.excerpt] == [1, 2, 3]


def test_what_is_no_policy_or_no_line_shows_nothing():
    faults = (
        Fault("config.json", 1, "/upstreams/jira/credentials", "no secrets here"),
        Fault("policies/a.yaml", 0, "", "cannot be read"),
    )

    assert [fault.excerpt for fault in with_excerpts(faults, (POLICY,))] == [(), ()]
    assert with_excerpts(faults, (POLICY,)) == faults
