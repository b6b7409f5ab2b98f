"""The chart, over sets of values and Kubernetes versions: sound for helm, the API server and restricted pods."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from k8s.pod_security import unrestricted
from k8s.schemas import faults, is_custom
from k8s.toolbox import CHART, KUBERNETES, VALUE_SETS, Manifest, crd_faults, run, template

from gateway import __version__
from gateway.config.load import load

sets_of_values = pytest.mark.parametrize("values", VALUE_SETS.values(), ids=VALUE_SETS)
versions = pytest.mark.parametrize("kubernetes", KUBERNETES)
NEWEST = KUBERNETES[-1]


def of_kind(values: str, kind: str, kubernetes: str = NEWEST) -> list[Manifest]:
    return [document for document in template(VALUE_SETS[values], kubernetes) if document["kind"] == kind]


def pod_specs(documents: tuple[Manifest, ...]) -> Iterator[Manifest]:
    for document in documents:
        if document["kind"] in ("Deployment", "StatefulSet"):
            yield document["spec"]["template"]["spec"]


@sets_of_values
def test_helm_finds_nothing_to_criticise(values: Path):
    linted = run("helm", "lint", "--strict", CHART, "--values", values)

    assert linted.returncode == 0, linted.stdout + linted.stderr


@sets_of_values
@versions
def test_everything_rendered_is_what_the_api_server_knows(values: Path, kubernetes: str):
    documents = template(values, kubernetes)

    found = [fault for each in documents if not is_custom(each) for fault in faults(each, kubernetes)]

    assert documents
    assert found == []


def test_what_operators_define_is_as_they_define_it():
    custom = [each for values in VALUE_SETS.values() for each in template(values, NEWEST) if is_custom(each)]

    found = crd_faults(custom)

    kinds = {each["kind"] for each in custom}
    assert kinds == {"PodMonitor", "ServiceMonitor", "PrometheusRule", "Certificate", "Issuer"}
    assert found == []


def test_a_wrong_key_or_quantity_would_be_noticed():
    statefulset = json.loads(json.dumps(of_kind("install/standalone", "StatefulSet")[0]))
    container = statefulset["spec"]["template"]["spec"]["containers"][0]
    container["resources"]["requests"]["cpu"] = "1x"
    container["restartpolicy"] = "Always"
    monitor = {"apiVersion": "monitoring.coreos.com/v1", "kind": "PodMonitor", "metadata": {"name": "a"}, "spec": {}}

    found = faults(statefulset, NEWEST)

    assert any("1x is no quantity" in fault for fault in found)
    assert any("restartpolicy" in fault for fault in found)
    assert len(crd_faults([monitor])) == 1


@sets_of_values
def test_every_pod_may_run_in_a_restricted_namespace(values: Path):
    found = [fault for spec in pod_specs(template(values, NEWEST)) for fault in unrestricted(spec)]

    assert found == []


@sets_of_values
def test_every_container_asks_for_cpu_and_memory_and_cannot_write_its_root(values: Path):
    containers = [each for spec in pod_specs(template(values, NEWEST)) for each in spec["containers"]]

    assert containers
    for container in containers:
        assert container["resources"]["requests"].keys() >= {"cpu", "memory"}
        assert container["resources"]["limits"]["memory"]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True


@sets_of_values
def test_no_name_is_given_twice(values: Path):
    names = [(each["kind"], each["metadata"]["name"]) for each in template(values, NEWEST)]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["install/standalone", "everything", "generated", "install/replicated"])
def test_the_config_that_is_rendered_is_one_that_the_gateway_reads(name: str, tmp_path: Path):
    maps = {each["metadata"]["name"]: each["data"] for each in of_kind(name, "ConfigMap")}
    config = next(json.loads(data["itsm_config.json"]) for data in maps.values() if "itsm_config.json" in data)
    config.pop("access", None)
    (tmp_path / "config.json").write_text(json.dumps(config))
    policies = next((data for each, data in maps.items() if each.endswith("-policies")), {})
    (tmp_path / "policies").mkdir()
    for file, text in policies.items():
        (tmp_path / "policies" / file).write_text(text)
    environ = {each["name"]: each["value"] for each in _environment(name) if "value" in each}

    loaded = load(tmp_path / "config.json", tmp_path / "policies", environ, to_serve=False)

    assert str(loaded.settings.listen.ops) == "0.0.0.0:8091"
    assert len(loaded.rules.policies) == len(policies)
    assert all(upstream.listen for upstream in loaded.settings.upstreams.values()) is (name != "generated")


def test_the_standalone_gateway_may_be_served_as_it_is(tmp_path: Path):
    config = of_kind("install/standalone", "ConfigMap")[0]["data"]["itsm_config.json"]
    (tmp_path / "config.json").write_text(config)
    (tmp_path / "policies").mkdir()
    environ = {each["name"]: each["value"] for each in _environment("install/standalone") if "value" in each}

    loaded = load(tmp_path / "config.json", tmp_path / "policies", environ)

    assert str(loaded.settings.listen.api) == "127.0.0.1:8090"


def test_tokens_stand_in_the_config_and_open_the_api():
    maps = {each["metadata"]["name"]: each["data"] for each in of_kind("everything", "ConfigMap")}
    config = json.loads(maps["release-itsm-gateway-config"]["itsm_config.json"])
    services = {each["metadata"]["name"]: each for each in of_kind("everything", "Service")}
    ports = {port["name"] for port in services["release-itsm-gateway"]["spec"]["ports"]}

    assert config["access"]["tokens"][0]["name"] == "batch"
    assert ports == {"proxy", "api", "ops", "up-8443"}
    assert {"name": "ITSM_GATEWAY__LISTEN__API", "value": "0.0.0.0:8090"} in _environment("everything")


def test_replicas_share_a_database_and_are_never_gone_at_once():
    deployment = gateway_of("everything")

    assert deployment["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert "replicas" not in deployment["spec"]
    assert of_kind("everything", "HorizontalPodAutoscaler")[0]["spec"]["minReplicas"] == 3
    assert {each["spec"]["maxUnavailable"] for each in of_kind("everything", "PodDisruptionBudget")} == {1}
    keys = {each["topologyKey"] for each in deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]}
    assert keys == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}
    store = next(each for each in _environment("everything") if each["name"] == "ITSM_GATEWAY__STORE__URL")
    assert store["valueFrom"]["secretKeyRef"] == {"name": "database", "key": "dsn"}


def test_a_pod_is_dialled_no_more_before_it_drains_on_every_version():
    handlers = {}
    for kubernetes in KUBERNETES:
        spec = of_kind("install/standalone", "StatefulSet", kubernetes)[0]["spec"]["template"]["spec"]
        handlers[kubernetes] = spec["containers"][0]["lifecycle"]["preStop"]

    assert handlers["1.29.0"]["exec"]["command"] == ["python", "-c", "import time; time.sleep(5)"]
    assert handlers["1.33.0"] == handlers["1.36.0"] == {"sleep": {"seconds": 5}}


def test_only_a_change_that_needs_a_restart_renews_the_pods(tmp_path: Path):
    before = yaml.safe_load(VALUE_SETS["install/standalone"].read_text())
    hot, cold = json.loads(json.dumps(before)), json.loads(json.dumps(before))
    hot["gateway"]["config"]["retry_policy"] = {"max_retries": 1}
    cold["gateway"]["config"]["upstreams"]["jira"]["base_url"] = "https://other.atlassian.net"

    digests = []
    for number, values in enumerate((before, hot, cold)):
        (tmp_path / f"{number}.yaml").write_text(yaml.safe_dump(values))
        documents = template(tmp_path / f"{number}.yaml", NEWEST)
        workload = next(each for each in documents if each["kind"] == "StatefulSet")
        digests.append(workload["spec"]["template"]["metadata"]["annotations"]["itsm-gateway.io/restart-digest"])

    assert digests[0] == digests[1] != digests[2]


def test_the_chart_is_of_the_version_that_it_installs():
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())

    assert chart["appVersion"] == __version__


def gateway_of(name: str) -> Manifest:
    return next(
        each
        for each in template(VALUE_SETS[name], NEWEST)
        if each["kind"] in ("Deployment", "StatefulSet")
        and each["metadata"]["labels"]["app.kubernetes.io/component"] == "gateway"
    )


def _environment(name: str) -> list[Manifest]:
    environment: list[Manifest] = gateway_of(name)["spec"]["template"]["spec"]["containers"][0]["env"]
    return environment
