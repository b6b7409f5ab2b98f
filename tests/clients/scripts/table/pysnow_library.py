"""The `pysnow` library."""

import sys

import pysnow
from steps import MISSING, fingerprint, fingerprint_of, tell


def main(address: str, file: str) -> None:
    """Take every step."""
    host = address.removeprefix("http://")
    client = pysnow.Client(host=host, user="abel", password="right", use_ssl=False)
    stranger = pysnow.Client(host=host, user="abel", password="wrong", use_ssl=False)
    incidents = client.resource(api_path="/table/incident")
    made = incidents.create(payload={"short_description": "Disk full"}).one()
    this = {"sys_id": made["sys_id"]}

    def page() -> list[list[str]]:
        for number in range(5):
            incidents.create(payload={"short_description": f"{number}", "u_batch": "paged"})
        found = (incidents.get(query={"u_batch": "paged"}, limit=2, offset=offset).all() for offset in (0, 2, 4))
        return [[row["short_description"] for row in rows] for rows in found]

    def content() -> bytes:
        attachment = incidents.attachments.get(sys_id=made["sys_id"])[0]
        files = client.resource(api_path="/attachment")
        return files.request("GET", path_append=f"/{attachment['sys_id']}/file")._response.content

    tell(
        {
            "connect": lambda: len(incidents.get(limit=1).all()),
            "create": lambda: made["short_description"],
            "read": lambda: incidents.get(query=this).one()["number"] == made["number"],
            "update": lambda: incidents.update(query=this, payload={"short_description": "db-7"})["short_description"],
            "page": page,
            "search": lambda: [row["short_description"] for row in incidents.get(query={"u_batch": "paged"}).all()],
            "comment": lambda: incidents.update(query=this, payload={"comments": "Looking into it"})["sys_mod_count"],
            "upload": lambda: (
                incidents.attachments.upload(made["sys_id"], file)["size_bytes"],
                fingerprint_of(file),
            ),
            "download": lambda: fingerprint(content()),
            "delete": lambda: incidents.delete(query=this),
            "400": lambda: client.resource(api_path="/table/nowhere").create(payload={"a": "b"}).one(),
            "401": lambda: stranger.resource(api_path="/table/incident").get(limit=1).all(),
            "404": lambda: incidents.request("GET", path_append=f"/{MISSING}").one(),
            "429": lambda: client.resource(api_path="/table/u_busy").get(limit=1).all(),
        }
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
