import { apiAddress } from '../../api/client'
import type { Call } from '../../api/types'

/** Where the proxy listens the console cannot know; the default stands, and GATEWAY says otherwise. */
const PROXY = '${GATEWAY:-http://127.0.0.1:8080}'

/** The record of the call, asked from a shell. */
export function curlOfRecord(call: Call): string {
  return `curl -H 'Accept: application/json' ${quoted(apiAddress(`api/v1/calls/${call.id}`))}`
}

/**
 * The call made again through the gateway, with its own id as the key: where it has a ticket already, that ticket is the
 * answer. Neither body nor login is kept, so both are left to whoever sends it.
 */
export function curlOfCall(call: Call): string {
  const parts = [`curl -i -X ${call.method}`, `-H 'Accept: application/json'`]
  if (call.method !== 'GET' && call.method !== 'HEAD') {
    parts.push(
      `-H 'Content-Type: application/json'`,
      `-H 'ITSM-Call-Id: ${call.id}'`,
      '-u USER:PASSWORD',
      '-d @body.json',
    )
  } else {
    parts.push('-u USER:PASSWORD')
  }
  return [...parts, `"${PROXY}"${quoted(`/${call.upstream}${call.target}`)}`].join(' \\\n  ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
