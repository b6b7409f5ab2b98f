"""The `atlassian-python-api` library."""

import sys

from atlassian import Jira
from steps import fingerprint, fingerprint_of, tell

QUERY = 'project = "SUP" AND labels = "paged" ORDER BY created ASC'


def main(address: str, file: str) -> None:
    """Take every step."""
    jira = Jira(url=address, username="abel", password="right", cloud=True)
    stranger = Jira(url=address, username="abel", password="wrong", cloud=True)
    key = jira.create_issue({"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"})["key"]

    def search(**options: object) -> dict:
        return jira.enhanced_jql(QUERY, fields="summary", **options)

    def page() -> list[list[str]]:
        for number in range(5):
            fields = {"project": {"key": "SUP"}, "issuetype": {"name": "Task"}, "summary": f"{number}"}
            jira.create_issue({**fields, "labels": ["paged"]})
        pages, token = [], None
        while True:
            found = search(nextPageToken=token, limit=2)
            pages.append([each["key"] for each in found["issues"]])
            token = found.get("nextPageToken")
            if not token:
                return pages

    def update() -> str:
        jira.update_issue_field(key, {"summary": "Disk full on db-7"})
        return jira.issue_field_value(key, "summary")

    def content() -> bytes:
        attachment = jira.issue(key)["fields"]["attachment"][0]
        return jira.get_attachment_content(attachment["id"])

    tell(
        {
            "connect": lambda: jira.myself()["displayName"],
            "create": lambda: key,
            "read": lambda: jira.issue(key)["fields"]["summary"],
            "update": update,
            "page": page,
            "search": lambda: [each["key"] for each in search()["issues"]],
            "comment": lambda: jira.issue_add_comment(key, "Looking into it")["body"],
            "upload": lambda: (jira.add_attachment(key, file)[0]["size"], fingerprint_of(file)),
            "download": lambda: fingerprint(content()),
            "delete": lambda: jira.delete_issue(key),
            "400": lambda: jira.create_issue(
                {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "x", "priority": 7}
            ),
            "401": stranger.myself,
            "404": lambda: jira.issue("OPS-4711"),
            "429": lambda: jira.issue("OPS-429"),
        }
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
