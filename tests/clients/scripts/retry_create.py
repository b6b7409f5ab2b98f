"""File one ticket with a library's own retry loop around it; print the ticket that it was told of as JSON.

`retry_create.py jira ADDRESS TIMEOUT` or `retry_create.py requests ADDRESS TIMEOUT`
"""

import json
import sys

import requests
from jira import JIRA
from requests.adapters import HTTPAdapter
from urllib3.util import Retry


def by_jira(server: str, timeout: float) -> str:
    """The library repeats 429, a 503 with `Retry-After`, and a connection that broke; a timeout its user repeats."""
    jira = JIRA(server=server, basic_auth=("abel", "right"), max_retries=20, timeout=timeout, get_server_info=False)
    jira._session.max_retry_delay = 1
    while True:
        try:
            return jira.create_issue(project="OPS", issuetype={"name": "Task"}, summary="Disk full").key
        except requests.Timeout:
            continue


def by_requests(server: str, timeout: float) -> str:
    """A session with urllib3's `Retry` repeats whatever it is told to."""
    every = Retry(total=50, backoff_factor=0.1, status_forcelist=[429, 500, 502, 503, 504], allowed_methods=None)
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=every))
        ticket = {"short_description": "Disk full"}
        answer = session.post(f"{server}/api/now/table/incident", json=ticket, auth=("abel", "right"), timeout=timeout)
        answer.raise_for_status()
        return str(answer.json()["result"]["number"])


if __name__ == "__main__":
    library, address, seconds = sys.argv[1:]
    key = (by_jira if library == "jira" else by_requests)(address, float(seconds))
    print(json.dumps({"ticket": key}))
