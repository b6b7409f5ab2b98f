"""`inject`: put the sidecar into the workloads of manifests."""

from typing import TYPE_CHECKING

import typer

from gateway.cli.manifest_files import ManifestFile, read_manifests
from gateway.cli.sidecar_options import ImageOption, SetOption, annotations_of, default_settings, refuse_faults
from gateway.cli.stop import FAULTS, stop

if TYPE_CHECKING:
    from gateway.injector.names import Manifest
    from gateway.injector.settings import SidecarSettings
    from gateway.injector.workloads import Workload


def inject(filename: ManifestFile, image: ImageOption = None, settings: SetOption = None) -> None:
    """Put the sidecar into every workload of a manifest, and print the manifest.

    Pods, Deployments, StatefulSets, DaemonSets, ReplicaSets, ReplicationControllers, Jobs, CronJobs, PodTemplates, and
    Lists of them; several documents in one file are fine. Where the sidecar is in already it is renewed. Documents in
    which nothing changes are printed as they are written; in the others comments inside are not kept.

    Example: `itsm-gateway inject -f deploy.yaml --set secret=itsm --set env=JIRA_URL=jira:18082 | kubectl apply -f -`
    """
    from gateway.injector.manifests import NoManifest, rewritten  # noqa: PLC0415 (heavy: only for who needs it)
    from gateway.injector.workloads import changed  # noqa: PLC0415

    text, defaults, said = read_manifests(filename), default_settings(image), annotations_of(settings)
    refuse_faults(said, defaults)
    work = _Injecting(defaults, said)
    try:
        result = rewritten(text, lambda document: changed(document, work.inject))
    except NoManifest as error:
        stop(f"{filename} {error}")
    if work.refused:
        raise typer.Exit(FAULTS)
    if not work.seen:
        typer.echo(f"note: {filename} holds no workload", err=True)
    typer.echo(result, nl=False)


class _Injecting:
    """Goes from workload to workload and tells about each on stderr."""

    def __init__(self, defaults: "SidecarSettings", annotations: dict[str, str]) -> None:
        self._defaults = defaults
        self._annotations = annotations
        self.seen = False
        self.refused = False

    def inject(self, workload: "Workload") -> "Manifest":
        """The pod with the sidecar; one that cannot have it stays, and is remembered as refused."""
        from gateway.injector.inject import Asked, Left, Patched, Refused, inject  # noqa: PLC0415
        from gateway.injector.json_patch import applied  # noqa: PLC0415
        from gateway.injector.uninject import uninject  # noqa: PLC0415

        self.seen = True
        pod = self._told(uninject(workload.pod))
        match inject(pod, self._defaults, Asked.BY_POD, workload.claims):
            case Patched(operations=operations, warnings=warnings):
                for warning in warnings:
                    typer.echo(f"warning: {workload}: {warning}", err=True)
                return applied(pod, operations)
            case Refused(reasons=reasons):
                self.refused = True
                for reason in reasons:
                    typer.echo(f"{workload}: {reason}", err=True)
            case Left(reason=reason):
                typer.echo(f"note: {workload} was left as it is: {reason}", err=True)
        return workload.pod

    def _told(self, pod: "Manifest") -> "Manifest":
        """Settings of the command line stand in the manifest as annotations, where the next one finds them."""
        from gateway.injector.fit import misshapen  # noqa: PLC0415
        from gateway.injector.inject import annotations  # noqa: PLC0415

        if not self._annotations or misshapen(pod):
            return pod
        metadata = {**(pod.get("metadata") or {}), "annotations": {**annotations(pod), **self._annotations}}
        return {**pod, "metadata": metadata}
