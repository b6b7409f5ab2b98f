import { describe, expect, it } from 'vitest'
import type { Activity, Health } from '../../api/types'
import { countsOf, everyBucket, totalsOf, verdictOf } from './figures'

const bucket = (at: string, outcomes: Record<string, number>, retried = 0) => ({
  at,
  outcomes,
  retried,
  mean_seconds: 0.4,
  slowest_seconds: 1,
})

const ACTIVITY: Activity = {
  window: { since: '2026-01-31T12:00:00.000Z', until: '2026-01-31T12:35:00.000Z' },
  step_seconds: 600,
  buckets: [
    bucket('2026-01-31T12:00:00.000Z', { created: 8, reconciled: 1, validation_failed: 2 }, 3),
    bucket('2026-01-31T12:20:00.000Z', { upstream_error: 1, unconfirmed: 1, under_way: 1 }),
  ],
}

const HEALTH = (failedAt: string | null): Health => ({
  status: 'ok',
  phase: 'serving',
  store: { state: 'ok' },
  upstreams: {
    jira: { platform: 'jira', last_answer_at: '2026-01-31T12:00:00Z', last_failure_at: failedAt, last_failure: null },
  },
  rules: { version: 'v', policies: 1, faults: [] },
})

describe('the figures', () => {
  it('sort outcomes as somebody on call would', () => {
    expect(ACTIVITY.buckets.map(countsOf)).toEqual([
      { made: 9, refused: 2, failed: 0, open: 0 },
      { made: 0, refused: 0, failed: 1, open: 2 },
    ])
    expect(totalsOf(ACTIVITY)).toEqual({ made: 9, refused: 2, failed: 1, open: 2, all: 14, retried: 3 })
  })

  it('show a gap as a gap', () => {
    expect(everyBucket(ACTIVITY).map((each) => Object.keys(each.outcomes).length)).toEqual([3, 0, 3, 0])
  })
})

describe('the verdict', () => {
  const totals = { made: 0, refused: 0, failed: 0, open: 0, all: 0, retried: 0 }

  it.each([
    [{ ...totals }, 'quiet', 'No ticket was asked for in this time.'],
    [{ ...totals, made: 99, all: 99 }, 'well', 'Tickets are getting through.'],
    [{ ...totals, made: 9, refused: 5, all: 14 }, 'well', 'Tickets are getting through.'],
    [{ ...totals, made: 9, failed: 1, all: 10 }, 'waiting', 'Most tickets are getting through.'],
    [{ ...totals, made: 1, open: 2, all: 3 }, 'broken', 'Tickets are not getting through.'],
    [{ ...totals, refused: 2, all: 2 }, 'waiting', 'Every ticket was refused: its fields, or its template, are wrong.'],
  ])('of %o is %s', (given, tone, says) => {
    expect(verdictOf(given, HEALTH(null))).toEqual({ tone, says })
  })

  it('names an upstream that fails at the moment', () => {
    const said = verdictOf({ ...totals, made: 9, all: 9 }, HEALTH('2026-01-31T12:00:01Z'))

    expect(said).toEqual({ tone: 'waiting', says: 'Tickets are getting through, but jira fails at the moment.' })
  })
})
