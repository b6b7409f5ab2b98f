"""An issue by the `jira` library: issue_jira.py http://127.0.0.1:8082 user token "Disk full"."""

import sys

from jira import JIRA

address, user, token, summary = sys.argv[1:]
jira = JIRA(server=address, basic_auth=(user, token), timeout=70)
print(jira.create_issue(project="OPS", issuetype={"name": "Task"}, summary=summary).key)
