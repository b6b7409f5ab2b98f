import { describe, expect, it } from 'vitest'
import type { Priorities, Ticket } from '../../api/types'
import { nextDue, overDays, shares } from './attainment'

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

const decided = (kept: number, breached: number) => ({
  kept,
  breached,
  attainment: kept + breached > 0 ? kept / (kept + breached) : null,
})

const figures = (priority: string | null, kept: number, breached: number) => ({
  priority,
  response: decided(kept, breached),
  resolution: decided(0, 0),
})

const told: Priorities = {
  window: { since: '2026-01-29T00:00:00Z', until: '2026-01-31T12:00:00Z' },
  priorities: ['3', 'Low', null, '1', 'Highest'].map((priority) => figures(priority, 3, 1)),
  days: [
    { day: '2026-01-29', ...figures('1', 2, 0) },
    { day: '2026-01-31', ...figures('1', 1, 1) },
  ],
}

describe('attainment', () => {
  it('puts the most urgent priority first, numbered or named', () => {
    expect(shares(told, 'response').map((share) => share.priority)).toEqual(['1', 'Highest', '3', 'Low', 'none'])
  })

  it('leaves out what nothing is decided of', () => {
    expect(shares(told, 'resolution')).toEqual([])
  })

  it('is told day by day, with a gap where nothing is decided', () => {
    const { at, lines } = overDays(told, 'response')

    expect(at.length).toBe(3)
    expect(lines[0]).toEqual({ priority: '1', values: [1, null, 0.5] })
  })
})

it('knows what falls due next', () => {
  expect(nextDue(ticket('1', 'soon'))).toMatchObject({ kind: 'response', due_at: '2026-01-31T13:00:00Z' })
  expect(nextDue(ticket('1', 'kept'))).toBeNull()
})
