"""The options by which commands say what a sidecar is to be."""

from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.stop import stop

if TYPE_CHECKING:
    from gateway.injector.settings import SidecarSettings

ImageOption = Annotated[
    str | None,
    typer.Option("--image", metavar="IMAGE", help="The gateway's image; by default itsm-gateway and this version."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A setting by its annotation's name, such as secret=itsm."),
]


def default_settings(image: str | None) -> "SidecarSettings":
    """The settings of a pod that says nothing."""
    from gateway import __version__  # noqa: PLC0415
    from gateway.injector.settings import SidecarSettings  # noqa: PLC0415 (heavy: only for commands that need it)

    return SidecarSettings(image=image or f"itsm-gateway:{__version__}")


def annotations_of(assignments: list[str] | None) -> dict[str, str]:
    """`NAME=VALUE` as the annotations that say the same; ends the command where one is neither."""
    from gateway.injector.names import DOMAIN  # noqa: PLC0415

    said: dict[str, str] = {}
    for assignment in assignments or []:
        name, sign, value = assignment.partition("=")
        if not sign or not name:
            stop(f"--set {assignment}: write NAME=VALUE, such as --set secret=itsm")
        said[f"{DOMAIN}/{name.removeprefix(f'{DOMAIN}/')}"] = value
    return said


def refuse_faults(annotations: dict[str, str], defaults: "SidecarSettings") -> "SidecarSettings":
    """The settings that these annotations make; ends the command with the first fault."""
    from gateway.injector.names import DOMAIN  # noqa: PLC0415
    from gateway.injector.settings import Faulty, read_settings  # noqa: PLC0415

    settings = read_settings(annotations, defaults)
    if isinstance(settings, Faulty):
        stop(settings.faults[0].replace(f"annotation {DOMAIN}/", "--set ").replace(f"{DOMAIN}/", ""))
    return settings
