"""Plain text becomes a document where version 3 of Jira's API wants one."""

import pytest

from gateway.platforms.jira import Jira

JIRA = Jira()
CREATE = JIRA.route("POST", "/rest/api/3/issue")


def text(value):
    return {"type": "text", "text": value}


def paragraph(*nodes):
    return {"type": "paragraph", "content": list(nodes)}


BREAK = {"type": "hardBreak"}


@pytest.mark.parametrize(
    ("plain", "content"),
    [
        ("one", [paragraph(text("one"))]),
        ("one\n\ntwo", [paragraph(text("one")), paragraph(text("two"))]),
        ("one\ntwo", [paragraph(text("one"), BREAK, text("two"))]),
        (
            "one\r\ntwo\r\n\r\nthree\rfour",
            [
                paragraph(text("one"), BREAK, text("two")),
                paragraph(text("three"), BREAK, text("four")),
            ],
        ),
        ("one\n \n\t\n\ntwo\n", [paragraph(text("one")), paragraph(text("two"))]),
        ("\n\n  indented stays", [paragraph(text("  indented stays"))]),
        ("", []),
        (" \n ", []),
    ],
)
def test_blank_lines_part_paragraphs_and_single_ones_break_lines(plain, content):
    fields = JIRA.rich_text(CREATE, {"description": plain})

    assert fields == {"description": {"type": "doc", "version": 1, "content": content}}


def test_no_text_node_is_empty():
    document = JIRA.rich_text(CREATE, {"description": "one\n\n\ntwo\n"})["description"]

    assert all(node.get("text", "x") for block in document["content"] for node in block["content"])


def test_only_strings_in_rich_fields_change():
    document = {"type": "doc", "version": 1, "content": []}
    fields = {"description": document, "summary": "one\n\ntwo", "priority": {"name": "High"}, "environment": None}

    assert JIRA.rich_text(CREATE, fields) == fields


def test_environment_is_rich_too():
    assert JIRA.rich_text(CREATE, {"environment": "x"})["environment"]["type"] == "doc"


@pytest.mark.parametrize("path", ["/rest/api/2/issue", "/rest/api/latest/issue"])
def test_version_two_takes_plain_text(path):
    fields = {"description": "one\n\ntwo"}

    assert JIRA.rich_text(JIRA.route("POST", path), fields) == fields


def test_the_body_of_a_comment_is_rich():
    route = JIRA.route("POST", "/rest/api/3/issue/ABC-1/comment")

    assert JIRA.rich_text(route, {"body": "seen"})["body"]["content"] == [paragraph(text("seen"))]
