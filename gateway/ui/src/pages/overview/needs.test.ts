import { expect, it } from 'vitest'
import type { Health } from '../../api/types'
import { SURVIVED } from '../calls/story.test'
import { needs } from './needs'

const FINE: Health = {
  status: 'ok',
  phase: 'serving',
  store: { state: 'ok' },
  upstreams: {
    jira: { platform: 'jira', last_answer_at: '2026-01-31T12:00:00Z', last_failure_at: null, last_failure: null },
  },
  rules: { version: 'v', policies: 1, faults: [] },
}

const NOTHING = { unconfirmed: undefined, outbox: undefined, findings: undefined }

it('needs nobody while all is well', () => {
  expect(
    needs({ ...NOTHING, health: FINE, unconfirmed: { items: [{ ...SURVIVED, outcome: 'unconfirmed' }], next: null } }),
  ).toEqual([])
})

it('names what wants a look, the most urgent first', () => {
  const jira = {
    platform: 'jira' as const,
    last_answer_at: null,
    last_failure_at: '2026-01-31T12:00:00Z',
    last_failure: 'reset',
  }
  const fault = { file: 'a.yaml', line: 3, pointer: '/mode', message: 'must be one of …' }
  const health = { ...FINE, upstreams: { jira }, rules: { ...FINE.rules, faults: [fault] } }
  const open = { ...SURVIVED, outcome: 'unconfirmed' as const, settled_at: null }

  expect(needs({ ...NOTHING, health, unconfirmed: { items: [open], next: null } }).map((need) => need.says)).toEqual([
    'jira does not answer (reset)',
    'The last edit of the policies is not in force: 1 fault',
    '1 create of which nobody can say yet whether the ticket exists',
  ])
})
