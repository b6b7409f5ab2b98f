"""What k8s/README.md says is what is there."""

import re

import pytest
from k8s.toolbox import K8S

from gateway.injector.settings import ANNOTATIONS, SidecarSettings, read_settings

README = (K8S / "README.md").read_text()
ROWS = dict(re.findall(r"^\| `([a-z-]+)` \| (.+?) \|", README, re.MULTILINE))
IN_WORDS = {"those in the image", "none", "all", "the config's", "the injector's"}


@pytest.mark.parametrize("annotation", ANNOTATIONS)
def test_every_annotation_stands_in_the_readme_with_its_default(annotation: str):
    said = ROWS[annotation].strip("`")

    default = getattr(SidecarSettings(image="the injector's"), annotation.replace("-", "_"))
    assert said in IN_WORDS or said == str(default)


def test_the_annotations_of_the_walk_through_are_ones_that_can_be_followed():
    block = README.partition("  annotations:\n")[2].partition("```")[0]
    annotations = dict(line.strip().split(": ", 1) for line in block.splitlines() if line.strip())

    settings = read_settings(annotations, SidecarSettings(image="a"))

    assert isinstance(settings, SidecarSettings)
    assert settings.env[0].url(settings.proxy_port) == "http://127.0.0.1:18081"


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!#)([^)]+)\)", README))))
def test_every_link_leads_somewhere(link: str):
    assert (K8S / link).exists()
