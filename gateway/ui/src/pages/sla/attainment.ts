import type { Decided, Due, Priorities, PriorityFigures, Ticket } from '../../api/types'

export type Kind = 'response' | 'resolution'

export interface Share extends Decided {
  readonly priority: string
}

const DAY = 86_400

/** The priorities of which something is decided, the most urgent first; tickets without one come last. */
export function shares(told: Priorities, kind: Kind): readonly Share[] {
  return told.priorities
    .map((each) => ({ priority: named(each), ...each[kind] }))
    .filter((share) => share.attainment !== null)
    .sort((one, other) => rank(one.priority) - rank(other.priority) || one.priority.localeCompare(other.priority))
}

/** One line per priority over the days (UTC) that the tickets were accepted on, with a gap where nothing is decided. */
export function overDays(told: Priorities, kind: Kind) {
  const at = daysOf(told.window)
  const lines = shares(told, kind).map(({ priority }) => {
    const own = new Map(told.days.filter((each) => named(each) === priority).map((each) => [each.day, each[kind]]))
    return { priority, values: at.map((day) => own.get(dayName(day))?.attainment ?? null) }
  })
  return { at, lines }
}

function daysOf({ since, until }: Priorities['window']): readonly number[] {
  const first = Math.floor(Date.parse(since) / 1000 / DAY) * DAY
  const days = Math.max(1, Math.ceil((Date.parse(until) / 1000 - first) / DAY))
  return Array.from({ length: days }, (_, index) => first + index * DAY)
}

function dayName(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10)
}

function named({ priority }: PriorityFigures): string {
  return priority ?? 'none'
}

/** Whatever falls due first of a ticket's open promises. */
export function nextDue(ticket: Ticket): (Due & { readonly kind: Kind }) | null {
  const open = (['response', 'resolution'] as const).flatMap((kind) => {
    const due = ticket.sla[kind]
    return due && !['kept', 'breached', 'due_passed', 'paused'].includes(due.state) ? [{ ...due, kind }] : []
  })
  return open.sort((one, other) => one.due_at.localeCompare(other.due_at))[0] ?? null
}

const NAMED = ['Highest', 'High', 'Medium', 'Low', 'Lowest']

function rank(priority: string): number {
  const number = Number.parseInt(priority, 10)
  if (!Number.isNaN(number)) return number
  const index = NAMED.indexOf(priority)
  return index < 0 ? 99 : index + 1
}
