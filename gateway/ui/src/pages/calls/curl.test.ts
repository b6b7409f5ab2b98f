import { expect, it } from 'vitest'
import { curlOfCall } from './curl'
import { SURVIVED } from './story.test'

it('quotes what a client wrote, so that a shell runs none of it', () => {
  const command = curlOfCall({ ...SURVIVED, target: "/api/now/table/incident?q='$(rm -rf ~)'" })

  expect(command).toContain(
    `"\${GATEWAY:-http://127.0.0.1:8080}"'/servicenow/api/now/table/incident?q='\\''$(rm -rf ~)'\\'''`,
  )
  expect(command).toContain(`-H 'ITSM-Call-Id: ${SURVIVED.id}'`)
})
