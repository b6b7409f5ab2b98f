#!/bin/sh
# An incident from a shell script: incident.sh http://127.0.0.1:8081 user:password "Disk full" nightly-42
set -eu
curl -sS --fail-with-body --max-time 70 -u "$2" \
  -H 'Accept: application/json' -H 'Content-Type: application/json' \
  -H "Idempotency-Key: $4" \
  --data-binary "{\"short_description\": \"$3\"}" \
  "$1/api/now/table/incident?sysparm_fields=number"
