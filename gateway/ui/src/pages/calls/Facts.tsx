import type { ReactNode } from 'react'
import type { CallStory } from '../../api/types'
import { exactly } from '../../parts/instants'
import { PLATFORM_NAMES } from '../../parts/platforms'
import { address } from '../../route/place'
import styles from './CallPage.module.css'
import { missingFrom } from './curl'

/** What is known of the call beside its story; what others share leads to the calls that share it. */
export function Facts({ call }: { call: CallStory }) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Platform', `${PLATFORM_NAMES[call.platform]}, upstream ${call.upstream}`],
    ['Request', <span className="mono">{`${call.method} ${call.target}`}</span>],
    ['Ticket', call.ticket && <Same name="ticket" value={call.ticket.key ?? call.ticket.id} />],
    ['Ticket id', call.ticket?.id && <span className="mono">{call.ticket.id}</span>],
    ['Template', call.template && <Same name="template" value={call.template} />],
    ['Policy', call.policy && <Same name="policy" value={call.policy.name} />],
    ['Policy set', call.policy && <span className="mono">{call.policy.version}</span>],
    ['Job', call.job_id && <Same name="job_id" value={call.job_id} />],
    ['Client', call.client && <Same name="client" value={call.client} />],
    ['Fence', call.fenced ? 'A lost answer can be found again' : 'Nothing could find it again after a lost answer'],
    ['State', call.state],
    ['As curl', missingFrom(call)],
    ['Received', exactly(call.received_at)],
    ['Call id', <span className="mono">{call.id}</span>],
  ]
  return (
    <section className={`sheet ${styles.panel}`} aria-label="Facts">
      <h2>Facts</h2>
      <dl className={styles.facts}>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}

function Same({ name, value }: { name: string; value: string | null }) {
  return (
    <a href={address(['calls'], { [name]: value })} title="All calls with the same">
      {value}
    </a>
  )
}
