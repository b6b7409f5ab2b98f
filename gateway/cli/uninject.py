"""`uninject`: take the sidecar out of manifests again."""

import typer

from gateway.cli.manifest_files import ManifestFile, read_manifests
from gateway.cli.stop import stop


def uninject(filename: ManifestFile) -> None:
    """Take the sidecar out of every workload of a manifest, and print the manifest.

    Exactly what was put in goes: labels and annotations that ask for the sidecar stay, and a variable that was changed
    since stays as well.

    Example: `kubectl get deploy app -o yaml | itsm-gateway uninject -f - | kubectl apply -f -`
    """
    from gateway.injector.manifests import NoManifest, rewritten  # noqa: PLC0415 (heavy: only for who needs it)
    from gateway.injector.uninject import uninject as without  # noqa: PLC0415
    from gateway.injector.workloads import changed  # noqa: PLC0415

    try:
        result = rewritten(
            read_manifests(filename), lambda document: changed(document, lambda workload: without(workload.pod))
        )
    except NoManifest as error:
        stop(f"{filename} {error}")
    typer.echo(result, nl=False)
