"""What a create can be recognised by when it comes again."""

from collections.abc import Mapping
from hashlib import sha256
from json import JSONEncoder

from gateway.domain.call import Call, Fields, Json
from gateway.domain.frozen import frozen
from gateway.domain.outcome import PolicyName
from gateway.policy.policy import Recognition

_in_order = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@frozen
class Claim:
    """What a create can be recognised by.

    `scope` and `key` name one create for good; `key` is None where nobody named it. Two creates of equal `fingerprint`
    (upstream, method, raw target, client, body) are the same request, which proves nothing unless one was abandoned.
    A key that a policy made counts for `within` seconds; one that a client sent, as long as it is kept.
    """

    scope: str
    key: str | None
    fingerprint: str
    within: float | None = None


def claim_of(
    call: Call,
    document: Json,
    *,
    policy: PolicyName | None = None,
    recognition: Recognition | None = None,
    fields: Fields | None = None,
) -> Claim:
    """What a create can be recognised by; `document` is its body where somebody read it.

    The client's own key comes first, then the id of the call that it repeats, then the key that its policy makes.
    A scope never holds a bearer token's trace: tokens rotate, and the key would double.
    """
    fingerprint = fingerprint_of(call, document)
    scope = f"{call.upstream}/{call.route.name}/{call.client}"
    if call.idempotency_key is not None:
        named = _digest(scope.encode(), call.idempotency_key.encode()) if call.named else fingerprint
        return Claim(scope, call.idempotency_key, named)
    if call.repeats is not None:
        return Claim(f"{scope}/call", call.repeats, fingerprint)
    if policy is not None and recognition is not None and (key := _key(recognition, fields or {}, fingerprint)):
        return Claim(f"{scope}/policy/{policy.name}", key, key, recognition.within_seconds)
    return Claim(scope, None, fingerprint)


def fingerprint_of(call: Call, document: Json) -> str:
    """Equal for equal requests, however their JSON is spelt."""
    body = call.body or b"" if document is None else _canonical(document)
    return _digest(call.upstream.encode(), call.method.encode(), call.target.encode(), call.client.encode(), body)


def _key(recognition: Recognition, fields: Fields, fingerprint: str) -> str | None:
    """The key that a policy makes; None where a field that it is made of is absent or empty."""
    if recognition.whole_body:
        return fingerprint
    if not recognition.fields:
        return None
    values = _at(fields, recognition.fields)
    if any(value in (None, "", [], {}) for value in values.values()):
        return None
    return _digest(_canonical(values))


def _at(fields: Fields, names: tuple[str, ...]) -> dict[str, Json]:
    return {name: _below(fields, name.split(".")) for name in names}


def _below(value: "Json | Mapping[str, Json]", path: list[str]) -> Json:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if not isinstance(value, Mapping) else dict(value)


def _canonical(document: Json) -> bytes:
    return _in_order(document).encode("utf-8", "surrogatepass")


def _digest(*parts: bytes) -> str:
    """Each part goes in behind its length, so that no two lists of parts read alike."""
    return sha256(b"".join([len(part).to_bytes(8, "big") + part for part in parts])).hexdigest()
