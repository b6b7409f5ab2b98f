"""`python -m gateway`: the same program as `itsm-gateway`."""

from gateway.cli import main

main()
