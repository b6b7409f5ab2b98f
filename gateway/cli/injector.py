"""`injector serve` and `injector audit`: the webhook that injects, and the look at what it should have done."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.manifest_files import ManifestFile, read_manifests
from gateway.cli.options import OutputFormat
from gateway.cli.sidecar_options import ImageOption, SetOption, annotations_of, default_settings, refuse_faults
from gateway.cli.stop import FAULTS, LastWord, stop

if TYPE_CHECKING:
    from gateway.injector.audit import Audit

AuditFormat = Annotated[OutputFormat, typer.Option("--format", help="text for people, json for scripts.")]

injector = typer.Typer(help="The webhook that puts the sidecar into pods, and the audit of pods.", no_args_is_help=True)


@injector.command()
def serve(
    context: typer.Context,
    certificate: Annotated[Path, typer.Option(metavar="FILE", help="PEM; followed when it is renewed.")],
    key: Annotated[Path, typer.Option(metavar="FILE", help="PEM, the certificate's key.")],
    listen: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where the API server reaches it.")] = "0.0.0.0:8443",
    image: ImageOption = None,
    settings: SetOption = None,
) -> None:
    """Run the admission webhook; SIGTERM lets reviews in flight end first.

    Each `--set` is the default for pods whose annotations do not say otherwise.

    Example: `itsm-gateway injector serve --certificate tls.crt --key tls.key --image registry.example/itsm-gateway:1`
    """
    import asyncio  # noqa: PLC0415 (heavy: only for commands that need it)

    from pydantic_core import PydanticCustomError  # noqa: PLC0415

    from gateway.config.address import parse_address  # noqa: PLC0415
    from gateway.config.certificate import CertificateUnusable  # noqa: PLC0415
    from gateway.injector.webhook import Door, serve  # noqa: PLC0415

    defaults = refuse_faults(annotations_of(settings), default_settings(image))
    level = context.ensure_object(LastWord).log_level
    try:
        asyncio.run(serve(defaults, Door(parse_address(listen), certificate, key), level.value))
    except PydanticCustomError as error:
        stop(f"--listen {listen} {error.message()}")
    except CertificateUnusable as error:
        stop(str(error))
    except OSError as error:
        stop(f"the webhook cannot listen on {listen}: {error.strerror or error}; give it another --listen")


@injector.command()
def audit(filename: ManifestFile, image: ImageOption = None, output: AuditFormat = OutputFormat.TEXT) -> None:
    """Find pods that should have the sidecar and do not, or that run another image.

    Reads what kubectl prints, and needs no rights of its own. Exit code 0: all is well; 1: something was found.

    Example: `kubectl get namespaces,pods -A -o json | itsm-gateway injector audit -f - --image itsm-gateway:1.2.0`
    """
    from gateway.injector.audit import audit as look  # noqa: PLC0415 (heavy: only for commands that need it)
    from gateway.injector.manifests import NoManifest, documents  # noqa: PLC0415

    try:
        found = look(documents(read_manifests(filename)), default_settings(image).image)
    except NoManifest as error:
        stop(f"{filename} {error}")
    _tell(found, output)
    if found.findings:
        raise typer.Exit(FAULTS)


def _tell(found: "Audit", output: OutputFormat) -> None:
    if output is OutputFormat.JSON:
        typer.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False))
        return
    for finding in found.findings:
        where = f"{finding.namespace}/" if finding.namespace else ""
        typer.echo(f"{finding.flaw} {where}{finding.workload}: {finding.detail}")
    typer.echo(f"{found.looked_at} looked at, {found.injected} with the sidecar, {len(found.findings)} findings")
