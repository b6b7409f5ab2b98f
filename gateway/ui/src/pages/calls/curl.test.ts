import { expect, it } from 'vitest'
import { curlOfCall, missingFrom } from './curl'
import { SURVIVED } from './story.test'

it('quotes what a client wrote, so that a shell runs none of it', () => {
  const command = curlOfCall({ ...SURVIVED, target: "/api/now/table/incident?q='$(rm -rf ~)'" })

  expect(command).toContain(
    `"\${GATEWAY:-http://127.0.0.1:8080}"'/servicenow/api/now/table/incident?q='\\''$(rm -rf ~)'\\'''`,
  )
  expect(command).toContain(`-H 'ITSM-Call-Id: ${SURVIVED.id}'`)
})

it('sends the body that is on record, and asks the shell for the login', () => {
  const request = { headers: [], body: `{"short_description":"it's full"}` }
  const command = curlOfCall({ ...SURVIVED, request })

  expect(command).toContain(`--data-binary '{"short_description":"it'\\''s full"}'`)
  expect(command).toContain('-H "Authorization: $ITSM_AUTHORIZATION"')
  expect(missingFrom({ ...SURVIVED, request })).toBe('')
})

it('says what is not on record, and leaves a place for it', () => {
  expect(curlOfCall(SURVIVED)).toContain('-d @body.json')
  expect(missingFrom(SURVIVED)).toContain('policy servicenow-incident keeps none')
  expect(curlOfCall({ ...SURVIVED, template: 'rca_incident' })).toContain(`-H 'ITSM-Template: rca_incident'`)
})
