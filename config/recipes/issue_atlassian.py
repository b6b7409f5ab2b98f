"""An issue by `atlassian-python-api`: issue_atlassian.py http://127.0.0.1:8082 user token "Disk full"."""

import sys

from atlassian import Jira

address, user, token, summary = sys.argv[1:]
jira = Jira(url=address, username=user, password=token, cloud=True, timeout=70)
print(jira.create_issue({"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": summary})["key"])
