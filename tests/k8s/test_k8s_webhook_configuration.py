"""Which pods the API server asks the injector about: those that opted in, and never the injector's own."""

import base64
import subprocess
from pathlib import Path
from typing import Any

import pytest
from k8s.toolbox import KUBERNETES, VALUE_SETS, template

from gateway.config.certificate import Certificate


def selected(expressions: list[dict[str, Any]], labels: dict[str, str]) -> bool:
    """Label selectors, as Kubernetes reads them."""
    for each in expressions:
        key, values = each["key"], each.get("values", [])
        fits = {
            "In": labels.get(key) in values,
            "NotIn": labels.get(key) not in values,
            "Exists": key in labels,
        }[each["operator"]]
        if not fits:
            return False
    return True


def asked(namespace: dict[str, str], pod: dict[str, str]) -> list[str]:
    documents = template(VALUE_SETS["generated"], KUBERNETES[-1])
    configuration = next(each for each in documents if each["kind"] == "MutatingWebhookConfiguration")
    return [
        each["name"]
        for each in configuration["webhooks"]
        if selected(each["namespaceSelector"]["matchExpressions"], namespace)
        and selected(each["objectSelector"]["matchExpressions"], pod)
    ]


OPT_IN = "itsm-gateway.io/inject"
NAME = "kubernetes.io/metadata.name"


@pytest.mark.parametrize(
    ("namespace", "pod", "webhooks"),
    [
        ({NAME: "a"}, {}, []),
        ({NAME: "a", OPT_IN: "enabled"}, {}, ["namespace.inject.itsm-gateway.io"]),
        ({NAME: "a", OPT_IN: "enabled"}, {OPT_IN: "enabled"}, ["namespace.inject.itsm-gateway.io"]),
        ({NAME: "a", OPT_IN: "enabled"}, {OPT_IN: "disabled"}, []),
        ({NAME: "a"}, {OPT_IN: "enabled"}, ["pod.inject.itsm-gateway.io"]),
        ({NAME: "a"}, {OPT_IN: "yes"}, ["pod.inject.itsm-gateway.io"]),
        ({NAME: "a", OPT_IN: "disabled"}, {OPT_IN: "enabled"}, ["pod.inject.itsm-gateway.io"]),
        ({NAME: "itsm", OPT_IN: "enabled"}, {OPT_IN: "enabled"}, []),
        ({NAME: "kube-system", OPT_IN: "enabled"}, {}, []),
    ],
)
def test_a_pod_is_asked_about_once_and_only_if_it_opted_in(
    namespace: dict[str, str], pod: dict[str, str], webhooks: list[str]
):
    assert asked(namespace, pod) == webhooks


def test_the_certificate_that_the_chart_makes_is_the_one_that_the_api_server_trusts():
    documents = template(VALUE_SETS["generated"], KUBERNETES[-1])
    secret = next(each for each in documents if each["kind"] == "Secret")
    configuration = next(each for each in documents if each["kind"] == "MutatingWebhookConfiguration")
    deployment = next(each for each in documents if each["kind"] == "Deployment")

    bundles = {each["clientConfig"]["caBundle"] for each in configuration["webhooks"]}

    assert bundles == {secret["data"]["ca.crt"]}
    volume = deployment["spec"]["template"]["spec"]["volumes"][0]
    assert volume["secret"]["secretName"] == secret["metadata"]["name"]


def test_openssl_takes_that_certificate_for_the_services_name(tmp_path: Path):
    documents = template(VALUE_SETS["generated"], KUBERNETES[-1])
    secret = next(each for each in documents if each["kind"] == "Secret")
    service = next(each for each in documents if each["metadata"]["name"].endswith("-injector"))
    for name, text in secret["data"].items():
        (tmp_path / name).write_bytes(base64.b64decode(text))
    host = f"{service['metadata']['name']}.itsm.svc"

    checks = ["-CAfile", tmp_path / "ca.crt", "-verify_hostname", host, "-x509_strict"]
    verified = subprocess.run(
        ["openssl", "verify", *checks, tmp_path / "tls.crt"], capture_output=True, text=True, check=False
    )

    assert verified.returncode == 0, verified.stderr
    Certificate(tmp_path / "tls.crt", tmp_path / "tls.key")


def test_cert_manager_writes_the_bundle_where_it_makes_the_certificate():
    documents = template(VALUE_SETS["install/injector"], KUBERNETES[-1])
    configuration = next(each for each in documents if each["kind"] == "MutatingWebhookConfiguration")
    certificate = next(each for each in documents if each["kind"] == "Certificate")
    service = next(each for each in documents if each["kind"] == "Service")

    annotation = configuration["metadata"]["annotations"]["cert-manager.io/inject-ca-from"]

    assert annotation == f"itsm/{certificate['metadata']['name']}"
    assert certificate["spec"]["dnsNames"][0] == f"{service['metadata']['name']}.itsm.svc"
