import { apiAddress } from '../../api/client'
import type { Call, CallStory } from '../../api/types'

/** Where the proxy listens the console cannot know; the default stands, and GATEWAY says otherwise. */
const PROXY = '${GATEWAY:-http://127.0.0.1:8080}'

/** The record of the call, asked from a shell. */
export function curlOfRecord(call: Call): string {
  return `curl -H 'Accept: application/json' ${quoted(apiAddress(`api/v1/calls/${call.id}`))}`
}

/**
 * The call made again through the gateway, with its own id as the key: where it has a ticket already, that ticket is the
 * answer. A login is never kept; a body only where its policy has it recorded, and otherwise it comes from a file.
 */
export function curlOfCall(call: CallStory): string {
  const parts = [...HEADS, ...(isRead(call) ? [] : content(call)), LOGIN]
  return [`curl -i -X ${call.method}`, ...parts, `"${PROXY}"${quoted(`/${call.upstream}${call.target}`)}`].join(
    ' \\\n  ',
  )
}

/** What whoever copies it has to add; nothing where it is whole but for the login. */
export function missingFrom(call: CallStory): string {
  if (isRead(call) || call.request) return ''
  if (call.template) return 'The variables of a template are not on record: the command reads them from variables.json.'
  return `The body is not on record${reason(call)}: the command reads it from body.json.`
}

const LOGIN = `-H "Authorization: $ITSM_AUTHORIZATION"`
const HEADS = [`-H 'Accept: application/json'`]
const JSON_TYPE = `-H 'Content-Type: application/json'`

function content(call: CallStory): readonly string[] {
  const known = [
    `-H 'ITSM-Call-Id: ${call.id}'`,
    ...(call.job_id ? [`-H ${quoted(`ITSM-Job-Id: ${call.job_id}`)}`] : []),
  ]
  if (call.request) return [JSON_TYPE, ...known, `--data-binary ${quoted(call.request.body)}`]
  if (call.template)
    return [JSON_TYPE, ...known, `-H ${quoted(`ITSM-Template: ${call.template}`)}`, '-d @variables.json']
  return [JSON_TYPE, ...known, '-d @body.json']
}

function reason(call: CallStory): string {
  return call.policy ? ` (policy ${call.policy.name} keeps none; “record: request” would)` : ' (no policy covered it)'
}

function isRead(call: CallStory): boolean {
  return call.method === 'GET' || call.method === 'HEAD'
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
