"""Puts the gateway into pods: what a pod needs is worked out here, purely; the webhook and the commands are its doors.

May import: policy and domain in its pure files; telemetry and config besides in `webhook.py`.
Start at `inject.py`: a pod in, a JSON patch or a refusal out.
"""
