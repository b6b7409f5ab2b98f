"""Where the shipped policies and the example config are: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path


def shipped_folder() -> Path:
    """The folder that holds `policies/` and `config/`."""
    package = Path(__file__).parent
    installed = package / "shipped_files"
    return installed if installed.is_dir() else package.parent
