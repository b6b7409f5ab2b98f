"""The `jira` library."""

import sys
from pathlib import Path

from jira import JIRA
from steps import fingerprint, fingerprint_of, tell

QUERY = 'project = "SUP" AND labels = "paged" ORDER BY created ASC'


def main(address: str, file: str) -> None:
    """Take every step."""
    jira = JIRA(server=address, basic_auth=("abel", "right"), max_retries=0, get_server_info=True)
    stranger = JIRA(server=address, basic_auth=("abel", "wrong"), max_retries=0, get_server_info=False)
    issue = jira.create_issue(project="OPS", issuetype={"name": "Task"}, summary="Disk full")

    def search() -> list[str]:
        return [each.key for each in jira.enhanced_search_issues(QUERY, maxResults=0)]

    def page() -> list[list[str]]:
        for number in range(5):
            jira.create_issue(project="SUP", issuetype={"name": "Task"}, summary=f"{number}", labels=["paged"])
        pages, token = [], None
        while True:
            found = jira.enhanced_search_issues(QUERY, nextPageToken=token, maxResults=2)
            pages.append([each.key for each in found])
            token = found.nextPageToken
            if not token:
                return pages

    def upload() -> object:
        with Path(file).open("rb") as content:
            return jira.add_attachment(issue, content, filename="core.dump").size

    tell(
        {
            "connect": lambda: jira.server_info()["deploymentType"],
            "create": lambda: issue.key,
            "read": lambda: jira.issue(issue.key).fields.summary,
            "update": lambda: (issue.update(summary="Disk full on db-7"), jira.issue(issue.key).fields.summary)[1],
            "page": page,
            "search": search,
            "comment": lambda: (jira.add_comment(issue, "Looking into it"), jira.comments(issue)[0].body)[1],
            "upload": lambda: (upload(), fingerprint_of(file)),
            "download": lambda: fingerprint(jira.issue(issue.key).fields.attachment[0].get()),
            "delete": issue.delete,
            "400": lambda: jira.create_issue(project="OPS", issuetype={"name": "Task"}, summary="x", priority=7),
            "401": stranger.myself,
            "404": lambda: jira.issue("OPS-4711"),
            "429": lambda: jira.issue("OPS-429"),
        }
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
