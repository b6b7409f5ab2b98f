import type { Call, Finding, Health, Page, Waiting } from '../../api/types'
import type { IconName } from '../../parts/Icon'
import { counted } from '../../parts/instants'
import type { Tone } from '../../parts/outcomes'
import { address } from '../../route/place'
import { isFailing } from './figures'

export interface Need {
  readonly tone: Tone
  readonly icon: IconName
  readonly says: string
  readonly to: string
}

interface Known {
  readonly health: Health
  readonly unconfirmed: Page<Call> | undefined
  readonly outbox: Page<Waiting> | undefined
  readonly findings: Page<Finding> | undefined
}

/** What wants a look, the most urgent first. */
export function needs({ health, unconfirmed, outbox, findings }: Known): readonly Need[] {
  return [
    ...(health.store.state === 'ok' ? [] : [storeFails(health.store.detail)]),
    ...Object.entries(health.upstreams)
      .filter(([, upstream]) => isFailing(upstream))
      .map(([name, upstream]) => upstreamFails(name, upstream.last_failure)),
    ...(health.rules.faults.length > 0 ? [editNotInForce(health.rules.faults.length)] : []),
    ...dead(outbox),
    ...disagreements(findings),
    ...unsettled(unconfirmed),
  ]
}

function storeFails(detail = ''): Need {
  return { tone: 'broken', icon: 'alert', says: `The records cannot be written: ${detail}`, to: address([]) }
}

function upstreamFails(name: string, failure: string | null): Need {
  const why = failure ? ` (${failure})` : ''
  return {
    tone: 'broken',
    icon: 'cross',
    says: `${name} does not answer${why}`,
    to: address(['calls'], { upstream: name }),
  }
}

function editNotInForce(faults: number): Need {
  return {
    tone: 'broken',
    icon: 'shield',
    says: `The last edit of the policies is not in force: ${counted(faults, 'fault')}`,
    to: address(['policies']),
  }
}

function dead(page: Page<Waiting> | undefined): readonly Need[] {
  const count = page?.items.filter((call) => call.state === 'dead').length ?? 0
  if (count === 0) return []
  const says = `${counted(count, 'dead letter')} to be replayed or discarded`
  return [{ tone: 'broken', icon: 'outbox', says, to: address(['outbox'], { show: 'dead' }) }]
}

function disagreements(page: Page<Finding> | undefined): readonly Need[] {
  const count = page?.items.length ?? 0
  if (count === 0) return []
  const says = `${counted(count, 'finding')}: the records and a platform disagree`
  return [{ tone: 'waiting', icon: 'search', says, to: address(['outbox'], { show: 'findings' }) }]
}

function unsettled(page: Page<Call> | undefined): readonly Need[] {
  const open = page?.items.filter((call) => call.settled_at === null).length ?? 0
  if (open === 0) return []
  const count = page?.next && open === page.items.length ? `More than ${open} creates` : counted(open, 'create')
  return [
    {
      tone: 'waiting',
      icon: 'question',
      says: `${count} of which nobody can say yet whether the ticket exists`,
      to: address(['calls'], { outcome: 'unconfirmed' }),
    },
  ]
}
