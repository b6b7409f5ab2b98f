"""The rows a fresh instance already has, so that reading and paging have something to show."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from gateway.simulator.servicenow.business_rules import Stamp, inserted
from gateway.simulator.servicenow.records import Record, Tables

USERS = (("abel.tuter", "Abel", "Tuter"), ("beth.anglin", "Beth", "Anglin"), ("itil", "ITIL", "User"))
GROUPS = ("Service Desk", "Network")
INCIDENTS = (
    "Mailbox over its quota",
    "Printer on floor 3 jams",
    "VPN drops every hour",
    "Laptop does not wake up",
    "Badge reader offline",
    "Wiki search returns nothing",
    "Payroll report is empty",
    "Conference room display flickers",
    "Disk of build server full",
    "Password reset mail not sent",
    "Shared drive is read-only",
    "Phone queue has no music",
)
PROBLEMS = ("Mail gateway leaks memory", "Core switch loses routes", "Nightly backup overruns")


def seed(tables: Tables, now: datetime) -> None:
    """Fill an empty instance; the rows look as if they had come in one a day before now."""
    for number, (table, fields) in enumerate(_rows()):
        stamp = Stamp(now - timedelta(days=30 - number), "system")
        columns = tables.dictionary.columns(table)
        tables.store(inserted(table, columns, fields, fields, stamp))


def user_id(place: int) -> str:
    """The sys_id of the seeded user at that place."""
    return f"{0xA0 + place:032x}"


def group_id(place: int) -> str:
    """The sys_id of the seeded group at that place."""
    return f"{0xB0 + place:032x}"


def _rows() -> Iterator[tuple[str, Record]]:
    for place, (user_name, first, last) in enumerate(USERS):
        name, email = f"{first} {last}", f"{user_name}@example.com"
        yield "sys_user", {"sys_id": user_id(place), "user_name": user_name, "name": name, "email": email}
    for place, name in enumerate(GROUPS):
        yield "sys_user_group", {"sys_id": group_id(place), "name": name}
    for place, title in enumerate(INCIDENTS):
        yield "incident", _ticket(f"INC{place + 1:07}", title, 0xC0 + place) | {"caller_id": user_id(place % 2)}
    for place, title in enumerate(PROBLEMS):
        yield "problem", _ticket(f"PRB{place + 1:07}", title, 0xD0 + place)


def _ticket(number: str, title: str, identity: int) -> dict[str, str]:
    return {
        "sys_id": f"{identity:032x}",
        "number": number,
        "short_description": title,
        "assignment_group": group_id(identity % len(GROUPS)),
    }
