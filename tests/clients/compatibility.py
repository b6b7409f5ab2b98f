"""The table of clients and what each does through the gateway, as it stands in the README."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from running import ROOT

from gateway.domain.call import PlatformName

README = ROOT / "README.md"
LOCK = Path(__file__).parent / "requirements.txt"
NODE = Path(__file__).parent / "node" / "package.json"
STEPS = {
    "connect": "connect",
    "create": "create",
    "read": "read",
    "update": "update",
    "page": "three pages",
    "search": "search",
    "comment": "comment",
    "upload": "5 MB up",
    "download": "5 MB down",
    "delete": "delete",
    "400": "400",
    "401": "401",
    "404": "404",
    "429": "429",
}
REFUSED = frozenset({"400", "401", "404", "429"})
START, END = "<!-- clients: start -->", "<!-- clients: end -->"

Facts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Client:
    """A client as it comes, and the script that lets it take every step; `package` is where its version is locked."""

    name: str
    platform: PlatformName
    script: str
    package: str = ""
    tls: bool = False

    @property
    def label(self) -> str:
        """The name as the table has it, with its version where it has one of its own."""
        if self.script.endswith(".mjs"):
            return f"{self.name} {json.loads(NODE.read_text())['dependencies'][self.package]}"
        locked = re.search(rf"^{self.package}==(\S+)", LOCK.read_text(), re.MULTILINE) if self.package else None
        return f"{self.name} {locked[1]}" if locked else self.name


CLIENTS = (
    Client("`jira`", PlatformName.JIRA, "table/jira_library.py", "jira"),
    Client("`atlassian-python-api`", PlatformName.JIRA, "table/atlassian_library.py", "atlassian-python-api"),
    Client("Node's `jira.js`", PlatformName.JIRA, "jira_js.mjs", "jira.js"),
    Client("`pysnow`", PlatformName.SERVICENOW, "table/pysnow_library.py", "pysnow"),
    Client("`PySNC` (TLS)", PlatformName.SERVICENOW, "table/pysnc_library.py", "pysnc", tls=True),
    Client("`aiosnow`", PlatformName.SERVICENOW, "table/aiosnow_library.py", "aiosnow"),
    Client(
        "Ansible `servicenow.itsm` (its calls) by `ansible-core`",
        PlatformName.SERVICENOW,
        "table/ansible_calls.py",
        "ansible-core",
    ),
    Client("Debian's `curl`", PlatformName.SERVICENOW, "table/curl_program.py"),
)


def row(client: Client, facts: Facts) -> str:
    """One line: a tick for what came out as without the gateway, and the exception of every refusal."""
    cells = [f"`{facts[step]['exception']}`" if step in REFUSED else "✓" for step in STEPS]
    return f"| {client.label} | {' | '.join(cells)} |"


def rows_in(readme: str) -> list[str]:
    """The lines of the table below its head."""
    return _inside(readme).strip().splitlines()[2:]


def with_row(readme: str, line: str) -> str:
    """The README with this client's line in its place."""
    names = [f"| {client.label} |" for client in CLIENTS]
    kept = {name: known for known in (*rows_in(readme), line) for name in names if known.startswith(name)}
    head = f"| | {' | '.join(STEPS.values())} |\n|{'---|' * (len(STEPS) + 1)}"
    table = "\n".join((head, *(kept[name] for name in names if name in kept)))
    before, after = readme.partition(START)[0], readme.partition(END)[2]
    return f"{before}{START}\n{table}\n{END}{after}"


def _inside(readme: str) -> str:
    return readme.partition(START)[2].partition(END)[0]
