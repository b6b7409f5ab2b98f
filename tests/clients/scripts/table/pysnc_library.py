"""The `PySNC` library, which insists on TLS."""

import sys
from pathlib import Path

from pysnc import ServiceNowClient
from steps import MISSING, fingerprint, fingerprint_of, tell


def main(address: str, file: str, ca_file: str) -> None:  # noqa: C901  # the steps share one login
    """Take every step."""
    client = ServiceNowClient(address, ("abel", "right"), verify=ca_file)
    stranger = ServiceNowClient(address, ("abel", "wrong"), verify=ca_file)

    def inserted(**fields: str):
        record = client.GlideRecord("incident")
        record.initialize()
        for name, value in fields.items():
            setattr(record, name, value)
        return record.insert()

    made = str(inserted(short_description="Disk full"))

    def record(sys_id: str = made, table: str = "incident", by: ServiceNowClient = client):
        found = by.GlideRecord(table)
        found.get(sys_id)
        return found

    def changed(**fields: str) -> object:
        found = record()
        for name, value in fields.items():
            setattr(found, name, value)
        return bool(found.update())

    def page(size: int = 2) -> list[str]:
        if size == 2:
            for number in range(5):
                inserted(short_description=f"{number}", u_batch="paged")
        found = client.GlideRecord("incident", batch_size=size)
        found.add_query("u_batch", "paged")
        found.query()
        return sorted(str(row.short_description) for row in found)

    def listed(table: str, by: ServiceNowClient = client) -> int:
        found = by.GlideRecord(table)
        found.limit = 1
        found.query()
        return found.get_row_count()

    def rejected() -> object:
        found = client.GlideRecord("nowhere")
        found.initialize()
        found.short_description = "Disk full"
        return found.insert()

    def upload() -> bool:
        return bool(record().add_attachment("core.dump", Path(file).read_bytes()))

    def content() -> bytes:
        files = record().get_attachments()
        return next(iter(files)).read()

    tell(
        {
            "connect": lambda: listed("problem"),
            "create": lambda: len(made),
            "read": lambda: str(record().short_description),
            "update": lambda: (changed(short_description="db-7"), str(record().short_description)),
            "page": page,
            "search": lambda: page(100),
            "comment": lambda: changed(comments="Looking into it"),
            "upload": lambda: (upload(), fingerprint_of(file)),
            "download": lambda: fingerprint(content()),
            "delete": lambda: record().delete(),
            "400": rejected,
            "401": lambda: listed("incident", stranger),
            "404": lambda: client.table_api.get(client.GlideRecord("incident"), MISSING).text,
            "429": lambda: listed("u_busy"),
        }
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
