import type { Due, Ticket } from '../../api/types'

export type Kind = 'response' | 'resolution'

export interface Share {
  readonly kept: number
  readonly breached: number
  readonly promised: number
}

/** The share that was kept of what is decided; null while nothing is. */
export function attained(share: Share): number | null {
  const decided = share.kept + share.breached
  return decided > 0 ? share.kept / decided : null
}

/** The priorities that promises were made for, each with how its promises stand; tickets without one come last. */
export function byPriority(tickets: readonly Ticket[], kind: Kind): readonly (readonly [string, Share])[] {
  const promised = tickets.filter((ticket) => ticket.sla[kind])
  const groups = grouped(promised, (ticket) => ticket.priority ?? 'none')
  return [...groups]
    .map(([priority, members]) => [priority, shareOf(members, kind)] as const)
    .sort(([one], [other]) => rank(one) - rank(other) || one.localeCompare(other))
}

/** One line per priority over equal steps of the time that the tickets were accepted in. */
export function overTime(tickets: readonly Ticket[], kind: Kind, since: number, until: number, steps: number) {
  const step = (until - since) / steps
  const at = Array.from({ length: steps }, (_, index) => since + index * step)
  const lines = byPriority(tickets, kind).map(([priority]) => {
    const own = tickets.filter((ticket) => (ticket.priority ?? 'none') === priority && ticket.sla[kind])
    const inStep = grouped(own, (ticket) => Math.floor((Date.parse(ticket.accepted_at) / 1000 - since) / step))
    return { priority, values: at.map((_, index) => attained(shareOf(inStep.get(index) ?? [], kind))) }
  })
  return { at, lines }
}

function shareOf(tickets: readonly Ticket[], kind: Kind): Share {
  const states = tickets.map((ticket) => ticket.sla[kind]?.state)
  return {
    promised: states.length,
    kept: states.filter((state) => state === 'kept').length,
    breached: states.filter((state) => state === 'breached').length,
  }
}

/** Whatever falls due first of a ticket's open promises. */
export function nextDue(ticket: Ticket): (Due & { readonly kind: Kind }) | null {
  const open = (['response', 'resolution'] as const).flatMap((kind) => {
    const due = ticket.sla[kind]
    return due && !['kept', 'breached', 'due_passed', 'paused'].includes(due.state) ? [{ ...due, kind }] : []
  })
  return open.sort((one, other) => one.due_at.localeCompare(other.due_at))[0] ?? null
}

function grouped<Key>(tickets: readonly Ticket[], keyOf: (ticket: Ticket) => Key): ReadonlyMap<Key, readonly Ticket[]> {
  const groups = new Map<Key, Ticket[]>()
  for (const ticket of tickets) groups.set(keyOf(ticket), [...(groups.get(keyOf(ticket)) ?? []), ticket])
  return groups
}

const NAMED = ['Highest', 'High', 'Medium', 'Low', 'Lowest']

function rank(priority: string): number {
  const number = Number.parseInt(priority, 10)
  if (!Number.isNaN(number)) return number
  const index = NAMED.indexOf(priority)
  return index < 0 ? 99 : index + 1
}
