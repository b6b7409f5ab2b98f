import type { Ticket } from '../../api/types'
import { Badge } from '../../parts/Badge'
import { Icon } from '../../parts/Icon'
import { Instant } from '../../parts/Instant'
import { span } from '../../parts/instants'
import { OutLink } from '../../parts/Link'
import { PLATFORM_NAMES } from '../../parts/platforms'
import { address } from '../../route/place'
import { nextDue } from './attainment'
import styles from './Sla.module.css'

interface Props {
  title: string
  tickets: readonly Ticket[]
  empty: string
  broken?: boolean
}

/** Tickets whose promises need somebody now, or needed somebody in time. */
export function AtStake({ title, tickets, empty, broken = false }: Props) {
  return (
    <section className={`sheet ${styles.panel}`} aria-label={title}>
      <h2>{title}</h2>
      {tickets.length === 0 && (
        <p className={`${styles.calm} tone-well`}>
          <Icon name="check" /> <span className="soft">{empty}</span>
        </p>
      )}
      <ul>
        {tickets.map((ticket) => (
          <li key={ticket.id}>
            <strong>
              <OutLink to={ticket.ticket.url}>{ticket.ticket.key ?? ticket.ticket.id ?? 'ticket'}</OutLink>
            </strong>
            {ticket.priority && <Badge tone="quiet">priority {ticket.priority}</Badge>}
            {broken ? <Broken ticket={ticket} /> : <Next ticket={ticket} />}
            <Theirs ticket={ticket} />
            <a href={address(['calls', ticket.call_id])}>its call</a>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Next({ ticket }: { ticket: Ticket }) {
  const due = nextDue(ticket)
  if (!due) return null
  return (
    <Badge tone="waiting" icon="clock">
      {due.kind} due <Instant at={due.due_at} />
    </Badge>
  )
}

/** What the platform reckons by its own SLAs: it counts in a dispute. */
function Theirs({ ticket }: { ticket: Ticket }) {
  return (ticket.sla.platform ?? []).map((reading) => (
    <Badge key={reading.name} tone={reading.breached ? 'broken' : 'quiet'}>
      {PLATFORM_NAMES[ticket.platform]}: {reading.name} {reading.breached ? 'breached' : reading.state}
      {apart(reading.seconds_after_ours)}
    </Badge>
  ))
}

export function apart(seconds: number | undefined): string {
  if (seconds === undefined || Math.abs(seconds) < 1) return ''
  return `, due ${span(Math.abs(seconds))} ${seconds > 0 ? 'after' : 'before'} ours`
}

function Broken({ ticket }: { ticket: Ticket }) {
  return (['response', 'resolution'] as const)
    .filter((kind) => ticket.sla[kind]?.state === 'breached')
    .map((kind) => (
      <Badge key={kind} tone="broken" icon="alert">
        {kind} was due <Instant at={ticket.sla[kind]?.due_at ?? null} />
      </Badge>
    ))
}
