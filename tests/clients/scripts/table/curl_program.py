"""Debian's curl, told to fail on errors."""

import json
import re
import subprocess
import sys
from tempfile import NamedTemporaryFile

from steps import MISSING, fingerprint, fingerprint_of, tell

TABLE = "/api/now/table/incident"


class CurlFailed(Exception):
    """curl's exit code, and what it printed."""


def main(address: str, file: str) -> None:
    """Take every step."""

    def curl(*arguments: str, login: str = "abel:right") -> bytes:
        command = (
            "/usr/bin/curl",
            "-sS",
            "--fail-with-body",
            "-u",
            login,
            "-H",
            "Accept: application/json",
            *arguments,
        )
        ended = subprocess.run(command, capture_output=True, check=False)
        if ended.returncode:
            raise CurlFailed(f"{ended.returncode}: {ended.stdout.decode()} {ended.stderr.decode()}")
        return ended.stdout

    def send(method: str, path: str, **fields: str):
        typed = ("-H", "Content-Type: application/json", "-d", json.dumps(fields))
        return json.loads(curl("-X", method, *typed, address + path))["result"]

    def get(path: str):
        return json.loads(curl(address + path))["result"]

    made = send("POST", TABLE, short_description="Disk full")["sys_id"]
    this = f"{TABLE}/{made}"

    def page() -> list[list[str]]:
        for number in range(5):
            send("POST", TABLE, short_description=f"{number}", u_batch="paged")
        pages, url = [], f"{address}{TABLE}?sysparm_query=u_batch=paged&sysparm_limit=2"
        while url:
            with NamedTemporaryFile() as headers:
                rows = json.loads(curl("-D", headers.name, url))["result"]
                told = headers.read().decode()
            pages.append([row["short_description"] for row in rows])
            url = next(iter(re.findall(r'<([^>]+)>;rel="next"', told)), "")
        return pages

    def upload() -> object:
        query = f"table_name=incident&table_sys_id={made}&file_name=core.dump"
        binary = ("-H", "Content-Type: application/octet-stream", "--data-binary", f"@{file}")
        answer = json.loads(curl(*binary, f"{address}/api/now/attachment/file?{query}"))
        return answer["result"]["size_bytes"], fingerprint_of(file)

    def content() -> bytes:
        return curl(get(f"/api/now/attachment?sysparm_query=table_sys_id={made}")[0]["download_link"])

    tell(
        {
            "connect": lambda: len(get("/api/now/table/sys_user?sysparm_limit=1")),
            "create": lambda: len(made),
            "read": lambda: get(this)["short_description"],
            "update": lambda: send("PATCH", this, short_description="db-7")["short_description"],
            "page": page,
            "search": lambda: len(get(f"{TABLE}?sysparm_query=u_batch=paged")),
            "comment": lambda: send("PATCH", this, comments="Looking into it")["sys_mod_count"],
            "upload": upload,
            "download": lambda: fingerprint(content()),
            "delete": lambda: curl("-X", "DELETE", address + this).decode(),
            "400": lambda: send("POST", "/api/now/table/nowhere", a="b"),
            "401": lambda: curl(address + TABLE, login="abel:wrong"),
            "404": lambda: get(f"{TABLE}/{MISSING}"),
            "429": lambda: get("/api/now/table/u_busy"),
        }
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
