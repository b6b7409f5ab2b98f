import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { TicketCreated } from '../../api/types'
import { exactly, span } from '../../parts/instants'
import { Instant } from '../../parts/Instant'
import { OutLink } from '../../parts/Link'
import { OutcomeBadge } from '../../parts/OutcomeBadge'
import { address } from '../../route/place'
import styles from './NewTicket.module.css'

export function Created({ made, another }: { made: TicketCreated; another: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const name = made.ticket?.key ?? made.ticket?.id ?? 'The ticket'
  return (
    <section className={`sheet ${styles.created}`} aria-label="The ticket that was made">
      <OutcomeBadge outcome={made.outcome} />
      <h2 ref={heading} tabIndex={-1} className={styles.key}>
        <OutLink to={made.ticket?.url}>{name}</OutLink>
      </h2>
      <dl className={styles.facts}>
        <dt>Attempts</dt>
        <dd>{attempts(made)}</dd>
        <dt>First response due</dt>
        <dd>{due(made.sla?.response_due_at)}</dd>
        <dt>Resolution due</dt>
        <dd>{due(made.sla?.resolution_due_at)}</dd>
        <dt>Call</dt>
        <dd>
          <a href={address(['calls', made.call_id])}>See how it went</a>
        </dd>
        {made.warnings?.map((warning) => [
          <dt key={`${warning.field} name`}>Warning</dt>,
          <dd key={`${warning.field} text`}>
            <span className="mono">{warning.field}</span> {warning.message}
          </dd>,
        ])}
      </dl>
      <Button variant="default" onClick={another}>
        Make another one
      </Button>
    </section>
  )
}

function attempts(made: TicketCreated): string {
  const { attempts: retries, delays_seconds: waits } = made.retry
  if (retries === 0) return 'The first attempt did it.'
  return `${retries + 1}, after waiting ${waits.map(span).join(', ')}`
}

function due(at: string | null | undefined) {
  if (!at) return <span className="soft">nothing is promised</span>
  return (
    <>
      <Instant at={at} /> <span className="soft">({exactly(at).slice(0, 16)})</span>
    </>
  )
}
