"""The command line: a file per command, and nothing heavy imported before a command needs it.

May import: every other room, inside the commands.
Start at `app.py`: the commands, and what happens to an error nobody expected.
"""

from gateway.cli.app import main

__all__ = ["main"]
