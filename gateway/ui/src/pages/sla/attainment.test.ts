import { describe, expect, it } from 'vitest'
import type { Ticket } from '../../api/types'
import { attained, byPriority, nextDue, overTime } from './attainment'

const ticket = (priority: string | null, state: string, accepted = '2026-01-31T12:00:00Z'): Ticket => ({
  id: `${priority} ${state} ${accepted}`,
  upstream: 'servicenow',
  platform: 'servicenow',
  ticket: { id: null, key: 'INC1', url: null },
  call_id: 'c',
  template: null,
  job_id: null,
  policy: null,
  priority,
  accepted_at: accepted,
  creation_seconds: 1,
  sla: { response: { due_at: '2026-01-31T13:00:00Z', state }, resolution: null },
})

describe('attainment', () => {
  it('counts what is decided and nothing else', () => {
    const [[, share]] = byPriority(
      [ticket('1', 'kept'), ticket('1', 'breached'), ticket('1', 'running')],
      'response',
    ) as [[string, { kept: number; breached: number; promised: number }]]

    expect(share).toEqual({ promised: 3, kept: 1, breached: 1 })
    expect(attained(share)).toBe(0.5)
    expect(attained({ promised: 1, kept: 0, breached: 0 })).toBeNull()
  })

  it('puts the most urgent priority first, numbered or named', () => {
    const tickets = ['3', 'Low', null, '1', 'Highest'].map((priority) => ticket(priority, 'kept'))

    expect(byPriority(tickets, 'response').map(([priority]) => priority)).toEqual(['1', 'Highest', '3', 'Low', 'none'])
  })

  it('is told step by step, with a gap where nothing is decided', () => {
    const since = Date.parse('2026-01-31T00:00:00Z') / 1000
    const tickets = [ticket('1', 'kept', '2026-01-31T01:00:00Z'), ticket('1', 'breached', '2026-01-31T23:00:00Z')]

    const { lines } = overTime(tickets, 'response', since, since + 86_400, 4)

    expect(lines).toEqual([{ priority: '1', values: [1, null, null, 0] }])
  })
})

it('knows what falls due next', () => {
  expect(nextDue(ticket('1', 'soon'))).toMatchObject({ kind: 'response', due_at: '2026-01-31T13:00:00Z' })
  expect(nextDue(ticket('1', 'kept'))).toBeNull()
})
