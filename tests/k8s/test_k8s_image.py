"""The image's recipe; no image is built here, so what it is made of is looked at line by line."""

import json
import re

from k8s.toolbox import K8S, ROOT, run

DOCKERFILE = K8S / "Dockerfile"


def instructions() -> list[tuple[str, str]]:
    joined = DOCKERFILE.read_text().replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1].strip()) for line in lines]


def last(instruction: str) -> str:
    return [rest for name, rest in instructions() if name == instruction][-1]


def test_hadolint_has_nothing_to_say():
    linted = run("hadolint", "--failure-threshold", "style", DOCKERFILE)

    assert linted.returncode == 0, linted.stdout


def test_it_is_built_in_one_stage_and_runs_in_another():
    stages = [rest for name, rest in instructions() if name == "FROM"]

    assert len(stages) == 2
    assert stages[0].endswith("AS build")


def test_it_runs_as_the_user_that_the_manifests_name_and_without_a_shell():
    assert last("USER") == "65532:65532"
    assert json.loads(last("ENTRYPOINT")) == ["itsm-gateway"]
    assert json.loads(last("CMD"))[0] == "serve"
    assert json.loads(last("HEALTHCHECK").partition("CMD")[2])[:2] == ["itsm-gateway", "wait"]


def test_everything_that_is_copied_is_there_and_reaches_the_build():
    allowed = {line[1:] for line in (K8S / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    sources = [
        source
        for name, rest in instructions()
        if name == "COPY" and "--from" not in rest
        for source in re.sub(r"--\S+\s+", "", rest).split()[:-1]
    ]

    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(source == each or source.startswith(f"{each}/") for each in allowed), source
