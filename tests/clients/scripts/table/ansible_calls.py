"""The HTTP calls of the `servicenow.itsm` Ansible collection: what its client sends, by the library that it uses."""

import json
import sys
from base64 import b64encode
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from steps import MISSING, fingerprint, fingerprint_of, tell

JSON = {"Accept": "application/json", "Content-type": "application/json"}
TABLE = "/api/now/table/incident"


class ServiceNowError(Exception):
    """What the collection raises for any status but 200, 201, 204 and 404."""


def main(address: str, file: str) -> None:  # noqa: C901  # the steps share one login
    """Take every step."""

    def call(method: str, path: str, body: object = None, *, password: str = "right", **query: object):
        login = b64encode(f"abel:{password}".encode()).decode()
        raw = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode() if body else None
        headers = {**JSON, "Authorization": f"Basic {login}", "User-Agent": "ansible-httpget"}
        if isinstance(body, bytes):
            headers["Content-type"] = "application/octet-stream"
        url = f"{address}{path}?{urlencode(query)}" if query else f"{address}{path}"
        try:
            with urlopen(Request(url, raw, headers, method=method)) as answer:
                return answer.read(), answer.headers
        except HTTPError as error:
            raise ServiceNowError(f"Unexpected response - {error.code} {error.read().decode()}") from error

    def result(method: str, path: str, body: object = None, **query: object):
        return json.loads(call(method, path, body, sysparm_exclude_reference_link="true", **query)[0])["result"]

    def listed(query: str, size: int) -> list[list[str]]:
        pages, total = [], 1
        while sum(map(len, pages)) < total:
            asked = {"sysparm_query": query, "sysparm_limit": size, "sysparm_offset": sum(map(len, pages))}
            content, headers = call("GET", TABLE, sysparm_exclude_reference_link="true", **asked)
            total = int(headers["X-Total-Count"])
            pages.append([row["short_description"] for row in json.loads(content)["result"]])
        return pages

    made = result("POST", TABLE, {"short_description": "Disk full"})["sys_id"]
    this = f"{TABLE}/{made}"
    at_record = {"table_name": "incident", "table_sys_id": made, "file_name": "core.dump"}

    def page() -> list[list[str]]:
        for number in range(5):
            result("POST", TABLE, {"short_description": f"{number}", "u_batch": "paged"})
        return listed("u_batch=paged", 2)

    def content() -> bytes:
        query = f"table_name=incident^table_sys_id={made}"
        found = json.loads(call("GET", "/api/now/attachment", sysparm_query=query)[0])["result"]
        return call("GET", f"/api/now/attachment/{found[0]['sys_id']}/file")[0]

    def upload() -> object:
        answer = call("POST", "/api/now/attachment/file", Path(file).read_bytes(), **at_record)[0]
        return json.loads(answer)["result"]["size_bytes"], fingerprint_of(file)

    tell(
        {
            "connect": lambda: len(result("GET", "/api/now/table/sys_user", sysparm_limit=1)),
            "create": lambda: len(made),
            "read": lambda: result("GET", this)["short_description"],
            "update": lambda: result("PATCH", this, {"short_description": "db-7"})["short_description"],
            "page": page,
            "search": lambda: listed("u_batch=paged", 1000),
            "comment": lambda: result("PATCH", this, {"comments": "Looking into it"})["sys_mod_count"],
            "upload": upload,
            "download": lambda: fingerprint(content()),
            "delete": lambda: len(call("DELETE", this)[0]),
            "400": lambda: result("POST", "/api/now/table/nowhere", {"a": "b"}),
            "401": lambda: call("GET", TABLE, password="wrong"),
            "404": lambda: call("GET", f"{TABLE}/{MISSING}"),
            "429": lambda: call("GET", "/api/now/table/u_busy"),
        }
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
