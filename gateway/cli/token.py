"""`token`: admit somebody, without the config ever holding a secret."""

import hashlib
import json
import secrets
from typing import Annotated

import typer

from gateway.cli.options import Format, OutputFormat
from gateway.cli.stop import stop
from gateway.domain.actor import Role

PREFIX = "itsmgw_"
"""So that scanners for leaked secrets, and people, can tell what it is."""


def token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who will hold it; shown wherever the holder acts.")],
    role: Annotated[
        Role, typer.Option("--role", help="viewer reads the API, operator also acts, client files tickets.")
    ],
    output: Format = OutputFormat.TEXT,
) -> None:
    """Print a fresh token, once, and the config line that admits it.

    The config knows only the token's digest. To revoke it, take the line out and start the gateway anew.

    Example: `itsm-gateway token nightly-batch --role client`
    """
    from pydantic import ValidationError  # noqa: PLC0415 (heavy: only for commands that need it)

    from gateway.config.access import AccessToken  # noqa: PLC0415

    fresh = PREFIX + secrets.token_urlsafe(32)
    try:
        admitted = AccessToken(name=name, role=role, sha256=hashlib.sha256(fresh.encode()).hexdigest())
    except ValidationError as error:
        stop(f"NAME {error.errors()[0]['msg']}")
    line = admitted.model_dump(mode="json")
    if output is OutputFormat.JSON:
        typer.echo(json.dumps({"token": fresh, "config": line}))
        return
    typer.echo(f"{fresh}\n")
    typer.echo("That is the token; it is shown this once. Admit it in the config, under access.tokens:\n", err=True)
    typer.echo(f"  {json.dumps(line)}")
