"""Values that would lose tickets or open the gateway to anyone are refused before anything is installed."""

import json
from pathlib import Path
from typing import Any

import pytest
from k8s.toolbox import CHART, run

JIRA = {"jira": {"platform": "jira", "base_url": "https://example.atlassian.net"}}
LOGGED_IN = {"jira": {**JIRA["jira"], "credentials": {"type": "bearer", "token": {"env": "TOKEN"}}}}


@pytest.mark.parametrize(
    ("gateway", "injector", "said"),
    [
        ({"replicas": 2}, {}, "/gateway/replicas"),
        ({"autoscaling": {"enabled": True}}, {}, "/gateway/autoscaling/enabled"),
        ({"store": {"kind": "postgresql"}}, {}, "/gateway/store/postgresql/existingSecret"),
        ({"store": {"kind": "mysql"}}, {}, "/gateway/store/kind"),
        ({"config": {}}, {}, "/gateway/config"),
        ({"config": {"upstreams": JIRA, "listen": {"api": "0.0.0.0:8090"}}}, {}, "/gateway/config/listen"),
        ({"config": {"upstreams": JIRA, "store": {"url": "sqlite:///a"}}}, {}, "/gateway/config/store/url"),
        ({"config": {"upstreams": LOGGED_IN}}, {}, "set gateway.access.tokens"),
        ({"upstreamPorts": {"servicenow": 8081}}, {}, "which is not in gateway.config.upstreams"),
        ({"upstreamPorts": {"jira": 8080}}, {}, "/gateway/upstreamPorts/jira"),
        ({"access": {"tokens": [{"name": "a", "role": "king", "sha256": "0" * 64}]}}, {}, "/gateway/access/tokens"),
        ({"terminationGracePeriodSeconds": 5}, {}, "/gateway/terminationGracePeriodSeconds"),
        ({"policies": {"../a.yaml": "name: a"}}, {}, "'../a.yaml' does not match"),
        ({"replica": 1}, {}, "replica"),
        ({}, {"failurePolicy": "Maybe"}, "/injector/failurePolicy"),
        ({}, {"tls": {"mode": "existingSecret"}}, "/injector/tls"),
        ({}, {"resources": {"requests": {"cpu": None, "memory": "1Gi"}}}, "/injector/resources/requests"),
    ],
)
def test_a_wrong_value_is_refused_by_name(gateway: dict[str, Any], injector: dict[str, Any], said: str, tmp_path: Path):
    values = {
        "gateway": {"config": {"upstreams": JIRA}, **gateway},
        "injector": {"enabled": True, **injector},
    }
    (tmp_path / "values.yaml").write_text(json.dumps(values))

    done = run("helm", "template", "release", CHART, "--values", tmp_path / "values.yaml")

    assert done.returncode != 0
    assert said in done.stderr


def test_a_cluster_that_has_no_native_sidecars_is_refused(tmp_path: Path):
    (tmp_path / "values.yaml").write_text(json.dumps({"gateway": {"config": {"upstreams": JIRA}}}))

    done = run("helm", "template", "r", CHART, "--kube-version", "1.28.0", "--values", tmp_path / "values.yaml")

    assert done.returncode != 0
    assert "1.29.0" in done.stderr
