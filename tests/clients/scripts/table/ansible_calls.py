"""The HTTP calls of the `servicenow.itsm` Ansible collection, by the HTTP client that it uses: `ansible-core`'s."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

from ansible.module_utils.urls import Request, basic_auth_header
from steps import MISSING, fingerprint, fingerprint_of, tell

TABLE = "table/incident"
FLAT = {"sysparm_exclude_reference_link": "true"}


class AuthError(Exception):
    """What the collection raises for a 401."""


class UnexpectedAPIResponse(Exception):
    """What it raises for any status that the call was not meant to have."""


class Client:
    """Sends and judges as the collection's own client does."""

    def __init__(self, address: str, password: str = "right") -> None:
        self._address = address
        self._login = {"Authorization": basic_auth_header("abel", password)}
        self._http = Request()

    def call(self, method: str, path: str, content: object = None, **query: object) -> tuple[bytes, Mapping[str, str]]:
        """The answer's body and headers; `content` is sent as JSON, bytes as they are."""
        url = f"{self._address}/api/now/{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Accept": "application/json", **self._login}
        data = content
        if content is not None:
            headers["Content-type"] = "application/octet-stream" if isinstance(content, bytes) else "application/json"
            data = content if isinstance(content, bytes) else json.dumps(content, separators=(",", ":"))
        try:
            answer = self._http.open(method, url, data=data, headers=headers)
        except HTTPError as error:
            if error.code == 401:
                raise AuthError(f"Failed to authenticate with the instance: {error.code} {error.reason}") from error
            if (method, error.code) == ("GET", 404):
                return b"", {}
            raise UnexpectedAPIResponse(f"Unexpected response - {error.code} {error.read().decode()}") from error
        return answer.read(), {name.lower(): value for name, value in answer.getheaders()}

    def result(self, method: str, path: str, content: object = None, **query: object):
        """What lies under `result`."""
        return json.loads(self.call(method, path, content, **query)[0])["result"]

    def listed(self, path: str, size: int, **query: object) -> list[list[dict]]:
        """Every page, as long as `X-Total-Count` says that there are more."""
        pages, offset, total = [], 0, 1
        while offset < total:
            asked = {**query, "sysparm_limit": size, "sysparm_offset": offset}
            content, headers = self.call("GET", path, **asked)
            pages.append(json.loads(content)["result"])
            total, offset = int(headers["x-total-count"]), offset + size
        return pages


def main(address: str, file: str) -> None:
    """Take every step."""
    client = Client(address)
    made = client.result("POST", TABLE, {"short_description": "Disk full"}, **FLAT)["sys_id"]
    this = f"{TABLE}/{made}"

    def named(size: int) -> list[list[str]]:
        pages = client.listed(TABLE, size, sysparm_query="u_batch=paged", **FLAT)
        return [[row["short_description"] for row in rows] for rows in pages]

    def page() -> list[list[str]]:
        for number in range(5):
            client.result("POST", TABLE, {"short_description": f"{number}", "u_batch": "paged"}, **FLAT)
        return named(2)

    def changed(**fields: str) -> dict:
        return client.result("PATCH", this, fields, **FLAT)

    def content() -> bytes:
        [[found]] = client.listed("attachment", 10000, table_name="incident", table_sys_id=made)
        return client.call("GET", f"attachment/{found['sys_id']}/file")[0]

    def upload() -> object:
        at_record = {"table_name": "incident", "table_sys_id": made, "file_name": "core.dump"}
        told = client.result("POST", "attachment/file", Path(file).read_bytes(), **at_record)
        return told["size_bytes"], fingerprint_of(file)

    tell(
        {
            "connect": lambda: len(client.result("GET", "table/sys_user", sysparm_limit=1, **FLAT)),
            "create": lambda: len(made),
            "read": lambda: client.listed(TABLE, 1000, sys_id=made, **FLAT)[0][0]["short_description"],
            "update": lambda: changed(short_description="db-7")["short_description"],
            "page": page,
            "search": lambda: named(1000),
            "comment": lambda: changed(comments="Looking into it")["sys_mod_count"],
            "upload": upload,
            "download": lambda: fingerprint(content()),
            "delete": lambda: len(client.call("DELETE", this)[0]),
            "400": lambda: client.result("POST", "table/nowhere", {"a": "b"}, **FLAT),
            "401": lambda: Client(address, "wrong").call("GET", TABLE),
            "404": lambda: client.call("DELETE", f"{TABLE}/{MISSING}"),
            "429": lambda: client.call("GET", "table/u_busy"),
        }
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
