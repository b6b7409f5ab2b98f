"""Programs of this folder, each in a process of its own, as their time is not ours."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from running import ROOT

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Ended:
    """What a program said."""

    code: int
    output: str


async def ended(program: str, *arguments: object, seconds: float = 110) -> Ended:
    """Run it to its end; warnings are errors there, too."""
    environ = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "PYTHONHASHSEED": "0"}
    command = (sys.executable, "-W", "error", str(HERE / program), *map(str, arguments))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, env=environ, stdout=pipe, stderr=asyncio.subprocess.STDOUT)
    try:
        async with asyncio.timeout(seconds):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Ended(process.returncode or 0, output.decode())
