"""Run a client's script of the `table` folder, with the steps beside it in reach."""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    script, *sys.argv[1:] = sys.argv[1:]
    runpy.run_path(str(Path(__file__).parent / script), run_name="__main__")
