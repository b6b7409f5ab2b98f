"""The `aiosnow` library; a session of its own for every step."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from aiosnow import Client
from aiosnow.models import TableModel, fields
from steps import MISSING, fingerprint_of, tell


class Incident(TableModel):
    """The columns that are asked for."""

    sys_id = fields.String(is_primary=True)
    number = fields.String()
    short_description = fields.String()
    comments = fields.String()
    u_batch = fields.String()


def main(address: str, file: str) -> None:  # noqa: C901  # the steps share one login
    """Take every step."""

    def using(
        work: Callable[[Incident], Awaitable[object]], table: str = "incident", password: str = "right"
    ) -> object:
        async def used() -> object:
            client = Client(address.removeprefix("http://"), ("abel", password), use_ssl=False)
            async with Incident(client, table_name=table) as incidents:
                return await work(incidents)

        return asyncio.run(used())

    async def create(incidents: Incident, **given: str) -> object:
        return (await incidents.create({"short_description": "Disk full", **given})).data

    made = using(create)["sys_id"]

    async def page(incidents: Incident) -> object:
        for number in range(5):
            await create(incidents, short_description=f"{number}", u_batch="paged")
        stream = incidents.stream(Incident.u_batch == "paged", page_size=2, limit=10)
        return [row["short_description"] async for _, row in stream]

    async def search(incidents: Incident) -> object:
        return [row["short_description"] for row in await incidents.get(Incident.u_batch == "paged")]

    async def update(incidents: Incident) -> object:
        return (await incidents.update(made, {"short_description": "db-7"})).data["short_description"]

    async def comment(incidents: Incident) -> object:
        return (await incidents.update(made, {"comments": "Looking into it"})).status

    async def upload(incidents: Incident) -> object:
        path = Path(file)
        answer = await incidents.upload_file(made, str(path))
        return answer.status, fingerprint_of(path)

    async def download(incidents: Incident) -> object:
        with TemporaryDirectory() as folder:
            await incidents.download_file(made, folder)
            return fingerprint_of(Path(folder) / Path(file).name)

    async def one(incidents: Incident) -> object:
        return (await incidents.get_one(Incident.sys_id == made))["short_description"]

    async def status(incidents: Incident) -> object:
        return (await incidents.get(limit=1)).status

    async def missing(incidents: Incident) -> object:
        return (await incidents.request("GET", url=f"{incidents._api_url}/{MISSING}")).data

    async def delete(incidents: Incident) -> object:
        return (await incidents.delete(made)).status

    tell(
        {
            "connect": lambda: using(status),
            "create": lambda: len(made),
            "read": lambda: using(one),
            "update": lambda: using(update),
            "page": lambda: using(page),
            "search": lambda: using(search),
            "comment": lambda: using(comment),
            "upload": lambda: using(upload),
            "download": lambda: using(download),
            "delete": lambda: using(delete),
            "400": lambda: using(create, table="nowhere"),
            "401": lambda: using(status, password="wrong"),
            "404": lambda: using(missing),
            "429": lambda: using(status, table="u_busy"),
        }
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
