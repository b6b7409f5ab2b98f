"""Work with Jira by the `jira` library as its documentation shows; print what was seen as JSON."""

import json
import sys
from collections.abc import Callable

from jira import JIRA, Issue, JIRAError

QUERY = 'project = "SUP" AND labels = "paged" ORDER BY created ASC'


def main(server: str, password: str) -> None:
    """Create, read, update, page and fail."""
    jira = JIRA(
        server=server,
        basic_auth=("abel", password),
        default_batch_sizes={Issue: 2},
        max_retries=0,
        get_server_info=True,
    )
    issue = jira.create_issue(project="OPS", issuetype={"name": "Task"}, summary="Disk full")
    issue.update(summary="Disk full on db-7")
    comment = jira.add_comment(issue, "Looking into it")
    jira.transition_issue(issue, "In Progress")
    read = jira.issue(issue.key)
    facts = {
        "deployment": jira.server_info()["deploymentType"],
        "key": issue.key,
        "self": issue.self,
        "summary": read.fields.summary,
        "status": read.fields.status.name,
        "comments": [each.body for each in jira.comments(issue)],
        "comment": comment.body,
        "filed": [
            jira.create_issue(project="SUP", issuetype={"name": "Task"}, summary=f"Number {n}", labels=["paged"]).key
            for n in range(5)
        ],
        "pages": cloud_pages(jira) if jira.server_info()["deploymentType"] == "Cloud" else server_pages(jira),
        "refused": failure(lambda: jira.create_issue(project="OPS", issuetype={"name": "Task"}, summary="x" * 300)),
        "missing": failure(lambda: jira.issue("OPS-4711")),
        "stranger": failure(lambda: JIRA(server=server, basic_auth=("abel", "wrong"), max_retries=0).myself()),
    }
    print(json.dumps(facts))


def cloud_pages(jira: JIRA) -> list[list[str]]:
    """Page by token, as Cloud wants it."""
    pages, token = [], None
    while True:
        page = jira.enhanced_search_issues(QUERY, nextPageToken=token, maxResults=2)
        pages.append([issue.key for issue in page])
        token = page.nextPageToken
        if not token:
            return pages


def server_pages(jira: JIRA) -> list[list[str]]:
    """Let the library page by offset until it has all, two at a time."""
    return [[issue.key] for issue in jira.search_issues(QUERY, maxResults=False)]


def failure(attempt: Callable[[], object]) -> dict[str, object]:
    """What the library's own exception says."""
    try:
        attempt()
    except JIRAError as error:
        return {"exception": type(error).__name__, "status": error.status_code, "text": error.text}
    return {"exception": None}


if __name__ == "__main__":
    main(*sys.argv[1:])
