import type { IconName } from '../parts/Icon'
import type { Place } from '../route/place'
import { roomOf, type Room } from './room'

export interface Section {
  readonly path: string
  readonly title: string
  readonly icon: IconName
  readonly keys: string
}

/** The console's rooms in the order of the menu; `keys` leads there from anywhere. */
export const SECTIONS: readonly Section[] = [
  { path: '', title: 'Overview', icon: 'overview', keys: 'g o' },
  { path: 'new-ticket', title: 'New ticket', icon: 'plus', keys: 'g n' },
  { path: 'calls', title: 'Calls', icon: 'calls', keys: 'g c' },
  { path: 'outbox', title: 'Outbox', icon: 'outbox', keys: 'g b' },
  { path: 'sla', title: 'SLA', icon: 'clock', keys: 'g s' },
  { path: 'policies', title: 'Policies', icon: 'shield', keys: 'g p' },
]

const ROOMS: Readonly<Record<string, Room>> = {
  '': roomOf(() => import('./overview/OverviewPage')),
  'new-ticket': roomOf(() => import('./new-ticket/NewTicketPage')),
  calls: roomOf(() => import('./calls/CallsPage')),
  outbox: roomOf(() => import('./outbox/OutboxPage')),
  sla: roomOf(() => import('./sla/SlaPage')),
  policies: roomOf(() => import('./policies/PoliciesPage')),
  explain: roomOf(() => import('./policies/ExplainPage')),
  call: roomOf(() => import('./calls/CallPage')),
}
const NOWHERE = roomOf(() => import('./NoSuchPage'))

/** The page that an address asks for, and a key that changes where its state must begin anew. */
export function pageAt(place: Place): { room: Room; key: string } {
  const [first = '', second] = place.path
  if (first === 'calls' && second !== undefined) return { room: ROOMS.call as Room, key: `call ${second}` }
  if (first === 'policies' && second === 'explain') return { room: ROOMS.explain as Room, key: 'explain' }
  return { room: (first in ROOMS && ROOMS[first]) || NOWHERE, key: first }
}

/** The other pages are brought while nobody waits for them, so that none is waited for later. */
export function bringAll(): void {
  for (const room of Object.values(ROOMS)) void room.bring().catch(() => undefined)
}
