import pytest
from pydantic import ValidationError

from gateway.domain.retry import Creates, RetryPolicy, Timeouts
from gateway.policy.retry_settings import RetrySettings, TimeoutSettings


def test_only_the_keys_that_were_set_replace_those_further_out():
    outer = RetryPolicy(max_retries=9, creates=Creates.NEVER)

    inner = RetrySettings(retry_delay_seconds=1, exponential_backoff=False).over(outer)

    assert inner == RetryPolicy(max_retries=9, retry_delay_seconds=1, exponential_backoff=False, creates=Creates.NEVER)


def test_overrides_have_the_types_of_the_retry_policy():
    settings = RetrySettings.model_validate({"retryable_status_codes": [503, 429], "creates": "immediate"})

    assert settings.overrides() == {"retryable_status_codes": frozenset({429, 503}), "creates": Creates.IMMEDIATE}
    assert RetrySettings(max_retries=0).overrides() == {"max_retries": 0}


def test_timeouts_are_laid_over_key_by_key():
    assert TimeoutSettings(read_timeout_seconds=5).over(Timeouts()) == Timeouts(read_timeout_seconds=5)


def test_text_from_the_environment_is_read_as_numbers():
    assert RetrySettings.model_validate({"max_retries": "2", "backoff_multiplier": "1.5"}).overrides() == {
        "max_retries": 2,
        "backoff_multiplier": 1.5,
    }


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (RetrySettings, {"max_retries": -1}),
        (RetrySettings, {"max_retries": True}),
        (RetrySettings, {"max_retries": 1.5}),
        (RetrySettings, {"retry_delay_seconds": -0.1}),
        (RetrySettings, {"retry_delay_seconds": float("nan")}),
        (RetrySettings, {"backoff_multiplier": 0.5}),
        (RetrySettings, {"backoff_multiplier": float("inf")}),
        (RetrySettings, {"retryable_status_codes": [200]}),
        (RetrySettings, {"creates": "always"}),
        (RetrySettings, {"retries": 3}),
        (TimeoutSettings, {"total_timeout_seconds": 0}),
        (TimeoutSettings, {"total_timeout": 60}),
    ],
)
def test_values_out_of_range_and_unknown_keys_are_refused(model, given):
    with pytest.raises(ValidationError):
        model.model_validate(given)
