import { describe, expect, it } from 'vitest'
import type { CallStory } from '../../api/types'
import { inOneSentence, stepsOf } from './story'

/** A 503, a search that finds nothing, and a second attempt. */
export const SURVIVED: CallStory = {
  id: '01a211cf1f7a1d637c2846d1df755a34',
  upstream: 'servicenow',
  platform: 'servicenow',
  operation: 'create_ticket',
  method: 'POST',
  target: '/api/now/table/incident',
  resource: 'incident',
  policy: { name: 'servicenow-incident', version: 'f8e81276b421' },
  template: null,
  source: 'proxy',
  state: 'closed',
  outcome: 'created',
  status: 201,
  attempt_count: 2,
  violation_count: 0,
  job_id: null,
  client: null,
  ticket: { id: '70a7', key: 'INC0010002' },
  fenced: true,
  received_at: '2026-01-31T12:00:00.000Z',
  last_sent_at: '2026-01-31T12:00:00.434Z',
  ended_at: '2026-01-31T12:00:00.436Z',
  settled_at: '2026-01-31T12:00:00.436Z',
  duration_seconds: 0.436,
  changes: [],
  request: null,
  attempts: [
    {
      number: 1,
      started_at: '2026-01-31T12:00:00.001Z',
      duration_seconds: 0.001,
      status: 503,
      failure: null,
      wait_seconds: 0,
    },
    {
      number: 2,
      started_at: '2026-01-31T12:00:00.434Z',
      duration_seconds: 0.002,
      status: 201,
      failure: null,
      wait_seconds: 0.43,
    },
  ],
  violations: [],
  problem: null,
  events: [
    { at: '2026-01-31T12:00:00.000Z', event: 'received' },
    { at: '2026-01-31T12:00:00.001Z', event: 'sent', attempt: 1 },
    { at: '2026-01-31T12:00:00.306Z', event: 'search: not there' },
    { at: '2026-01-31T12:00:00.434Z', event: 'sent', attempt: 2 },
    { at: '2026-01-31T12:00:00.436Z', event: 'answered', status: 201 },
  ],
}

describe('a call’s story', () => {
  it('is told step by step', () => {
    expect(stepsOf(SURVIVED).map((step) => [step.title, step.tone])).toEqual([
      ['Received', 'quiet'],
      ['Attempt 1: 503', 'broken'],
      ['Search: not there', 'know'],
      ['Attempt 2: 201', 'well'],
      ['The caller was answered 201', 'well'],
    ])
  })

  it('says how long an attempt waited and took', () => {
    expect(stepsOf(SURVIVED)[3]?.detail).toBe('after waiting 430 ms; answered 201 in 2.0 ms')
  })

  it('fits into one sentence', () => {
    expect(inOneSentence(SURVIVED)).toBe('The ticket was made. 2 attempts, 1 search, answered after 436 ms.')
  })

  it('shows an event that this console has never heard of', () => {
    const call = { ...SURVIVED, events: [{ at: SURVIVED.received_at, event: 'taken_over' }] }

    expect(stepsOf(call)[0]?.title).toBe('Taken over')
  })
})

it('leaves the names of fields as they are', () => {
  const events = [{ at: SURVIVED.received_at, event: 'filled in by the policy: contact_type' }]

  expect(stepsOf({ ...SURVIVED, events }).map((step) => step.title)).toEqual(['Filled in by the policy: contact_type'])
})

describe('a queued call whose delivery is under way', () => {
  const underWay: CallStory = {
    ...SURVIVED,
    outcome: 'queued',
    status: 202,
    state: 'sending',
    attempt_count: 1,
    attempts: [],
    events: [
      { at: '2026-01-31T12:00:00.000Z', event: 'received' },
      { at: '2026-01-31T12:00:00.012Z', event: 'answered', status: 202 },
      { at: '2026-01-31T12:00:00.500Z', event: 'sent', attempt: 1 },
    ],
  }

  it('is said to have an attempt whose end is open, neither failed nor never made', () => {
    const attempt = stepsOf(underWay).at(-1)

    expect(attempt).toMatchObject({ tone: 'waiting', title: 'Attempt 1', detail: 'nothing is known of its end' })
    expect(inOneSentence(underWay)).toContain('1 attempt,')
  })
})
