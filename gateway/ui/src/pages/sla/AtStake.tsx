import type { Ticket } from '../../api/types'
import { Badge } from '../../parts/Badge'
import { Icon } from '../../parts/Icon'
import { Instant } from '../../parts/Instant'
import { OutLink } from '../../parts/Link'
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

function Broken({ ticket }: { ticket: Ticket }) {
  return (['response', 'resolution'] as const)
    .filter((kind) => ticket.sla[kind]?.state === 'breached')
    .map((kind) => (
      <Badge key={kind} tone="broken" icon="alert">
        {kind} was due <Instant at={ticket.sla[kind]?.due_at ?? null} />
      </Badge>
    ))
}
