"""How calls are made of rows where nobody handed in the rules that are in force."""

from gateway.pipeline.decision import Forward
from gateway.pipeline.stored import Stored, forward_of
from gateway.platforms.registry import PLATFORMS
from gateway.policy.rules import Rules, UpstreamRules


def restore_plainly(stored: Stored) -> Forward | None:
    """The call under the specification's own retry settings, and no policy's."""
    call = stored.call
    rules = Rules("", (), {}, {call.upstream: UpstreamRules(call.platform)})
    return forward_of(stored, rules, PLATFORMS[call.platform])
