import { lazy, type ComponentType } from 'react'
import type { IconName } from '../parts/Icon'
import type { Place } from '../route/place'
import { NoSuchPage } from './NoSuchPage'

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

const PAGES: Readonly<Record<string, ComponentType>> = {
  '': lazy(() => import('./overview/OverviewPage')),
  'new-ticket': lazy(() => import('./new-ticket/NewTicketPage')),
  calls: lazy(() => import('./calls/CallsPage')),
  outbox: lazy(() => import('./outbox/OutboxPage')),
  sla: lazy(() => import('./sla/SlaPage')),
  policies: lazy(() => import('./policies/PoliciesPage')),
  explain: lazy(() => import('./policies/ExplainPage')),
  call: lazy(() => import('./calls/CallPage')),
}

/** The page that an address asks for, and a key that changes where its state must begin anew. */
export function pageAt(place: Place): { Page: ComponentType; key: string } {
  const [first = '', second] = place.path
  if (first === 'calls' && second !== undefined) return { Page: PAGES.call as ComponentType, key: `call ${second}` }
  if (first === 'policies' && second === 'explain') return { Page: PAGES.explain as ComponentType, key: 'explain' }
  return { Page: PAGES[first] ?? NoSuchPage, key: first }
}
