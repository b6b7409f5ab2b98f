"""`serve`: run the gateway until it is told to stop."""

import errno
from pathlib import Path

import typer

from gateway.cli.loading import print_faults
from gateway.cli.options import DEFAULT_CONFIG, DEFAULT_POLICIES, ConfigFile, OutputFormat, PoliciesDir
from gateway.cli.stop import CANNOT_RUN, LastWord, stop


def serve(
    context: typer.Context, config: ConfigFile = DEFAULT_CONFIG, policies: PoliciesDir = DEFAULT_POLICIES
) -> None:
    """Run the gateway; SIGTERM or Ctrl-C lets calls in flight end first.

    Edits of policies, templates, retry settings and the mode take effect without a restart.

    Example: `ITSM_GATEWAY__MODE=warn itsm-gateway serve --config /etc/itsm-gateway/config.json`
    """
    import asyncio  # noqa: PLC0415 (heavy: only for commands that need it)

    from gateway.domain.fault import ConfigError, StoreUnavailable  # noqa: PLC0415
    from gateway.web.serve import serve as run  # noqa: PLC0415

    level = context.ensure_object(LastWord).log_level
    try:
        asyncio.run(run(config, policies, log_level=level.value))
    except ConfigError as error:
        print_faults(error.faults, OutputFormat.TEXT)
        raise typer.Exit(CANNOT_RUN) from error
    except StoreUnavailable as error:
        stop(f"the records cannot be opened: {error}")
    except OSError as error:
        stop(_explain(error, config))


def _explain(error: OSError, config: Path) -> str:
    """What the system refused, and which key to change."""
    match error.errno:
        case errno.EADDRINUSE:
            return f"{_said(error)}; end the other program, or give that listener another port in {config}"
        case errno.EADDRNOTAVAIL:
            return f"{_said(error)}; this machine has no such address: change that listener in {config}"
        case errno.EACCES:
            return f"{_said(error)}; use a port from 1024 up, or a file that this user may read and write"
        case _:
            return _said(error)


def _said(error: OSError) -> str:
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{where}"
