#!/bin/sh
# An incident from a shell script: incident.sh http://127.0.0.1:8081 user:password "Disk full" nightly-42
# jq writes the summary as JSON, whatever is in it.
set -eu
jq -n --arg summary "$3" '{short_description: $summary}' |
  curl -sS --fail-with-body --max-time 70 -u "$2" \
    -H 'Accept: application/json' -H 'Content-Type: application/json' \
    -H "Idempotency-Key: $4" \
    --data-binary @- \
    "$1/api/now/table/incident?sysparm_fields=number"
