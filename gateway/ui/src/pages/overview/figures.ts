import type { Activity, ActivityBucket, Health, OutcomeName } from '../../api/types'
import type { Tone } from '../../parts/outcomes'

export type Group = 'made' | 'refused' | 'failed' | 'open'

export const GROUPS: readonly Group[] = ['made', 'refused', 'failed', 'open']

/** How creates ended, as somebody on call would sort them: the platform's failures are not the clients' mistakes. */
const MEMBERS: Readonly<Record<Group, readonly (OutcomeName | 'under_way')[]>> = {
  made: ['created', 'reconciled'],
  refused: ['validation_failed', 'template_failed', 'refused', 'rejected'],
  failed: ['rate_limited', 'upstream_error', 'timeout', 'unreachable', 'circuit_open'],
  open: ['queued', 'unconfirmed', 'under_way'],
}

export type Counts = Readonly<Record<Group, number>>

export function countsOf(bucket: ActivityBucket): Counts {
  const counted = GROUPS.map((group) => [group, sum(MEMBERS[group].map((name) => bucket.outcomes[name] ?? 0))])
  return Object.fromEntries(counted) as Counts
}

export interface Totals extends Counts {
  readonly all: number
  readonly retried: number
}

export function totalsOf(activity: Activity): Totals {
  const counts = activity.buckets.map(countsOf)
  const groups = Object.fromEntries(GROUPS.map((group) => [group, sum(counts.map((each) => each[group]))])) as Counts
  return {
    ...groups,
    all: sum(Object.values(groups)),
    retried: sum(activity.buckets.map((bucket) => bucket.retried)),
  }
}

/** Every step of the window, those without a create as well, so that a gap is seen as a gap. */
export function everyBucket(activity: Activity): readonly ActivityBucket[] {
  const known = new Map(activity.buckets.map((bucket) => [Date.parse(bucket.at), bucket]))
  const [since, until] = [Date.parse(activity.window.since), Date.parse(activity.window.until)]
  const step = activity.step_seconds * 1000
  const count = Math.max(Math.ceil((until - since) / step), 1)
  return Array.from({ length: count }, (_, index) => {
    const at = since + index * step
    return known.get(at) ?? emptyAt(at)
  })
}

export interface Verdict {
  readonly tone: Tone
  readonly says: string
}

/** The one sentence that the page is opened for. */
export function verdictOf(totals: Totals, health: Health | undefined): Verdict {
  const silent = Object.entries(health?.upstreams ?? {})
    .filter(([, each]) => isFailing(each))
    .map(([name]) => name)
  const but = silent.length > 0 ? `, but ${silent.join(' and ')} fails at the moment` : ''
  const judged = totals.made + totals.failed + totals.open
  if (totals.all === 0) {
    return { tone: silent.length > 0 ? 'broken' : 'quiet', says: `No ticket was asked for in this time${but}.` }
  }
  if (judged === 0)
    return { tone: 'waiting', says: 'Every ticket was refused: its fields, or its template, are wrong.' }
  const share = totals.made / judged
  if (share >= 0.99) return { tone: but ? 'waiting' : 'well', says: `Tickets are getting through${but}.` }
  if (share >= 0.8) return { tone: 'waiting', says: `Most tickets are getting through${but}.` }
  return { tone: 'broken', says: `Tickets are not getting through${but}.` }
}

export function isFailing(upstream: { last_answer_at: string | null; last_failure_at: string | null }): boolean {
  if (upstream.last_failure_at === null) return false
  return upstream.last_answer_at === null || upstream.last_failure_at > upstream.last_answer_at
}

function emptyAt(at: number): ActivityBucket {
  return { at: new Date(at).toISOString(), outcomes: {}, retried: 0, mean_seconds: null, slowest_seconds: null }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0)
}
