import type { Call, Health, Page } from '../../api/types'
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
}

/** What wants a look, the most urgent first. */
export function needs({ health, unconfirmed }: Known): readonly Need[] {
  return [
    ...(health.store.state === 'ok' ? [] : [storeFails(health.store.detail)]),
    ...Object.entries(health.upstreams)
      .filter(([, upstream]) => isFailing(upstream))
      .map(([name, upstream]) => upstreamFails(name, upstream.last_failure)),
    ...(health.rules.faults.length > 0 ? [editNotInForce(health.rules.faults.length)] : []),
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
