import { Checkbox, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { useMayAct } from '../../api/me'
import type { Action } from '../../api/outbox'
import type { Waiting } from '../../api/types'
import { Badge } from '../../parts/Badge'
import { Instant } from '../../parts/Instant'
import { counted } from '../../parts/instants'
import type { Tone } from '../../parts/outcomes'
import { address } from '../../route/place'
import { ActionBar } from './ActionBar'
import styles from './Outbox.module.css'
import { usePicked } from './usePicked'

const STATES: Readonly<Record<Waiting['state'], readonly [Tone, string]>> = {
  queued: ['know', 'waits for its next try'],
  ambiguous: ['waiting', 'the upstream is asked'],
  dead: ['broken', 'given up'],
}

interface Props {
  calls: readonly Waiting[] | undefined
  actions: readonly Action[]
  empty: ReactNode
}

export function WaitingList({ calls, actions, empty }: Props) {
  const mayAct = useMayAct()
  const rows = usePicked(calls?.map((call) => call.id) ?? [])
  if (!calls) return <Skeleton height={220} radius="md" aria-label="Loading" />
  if (calls.length === 0) return <div className="sheet">{empty}</div>
  return (
    <>
      <ActionBar where="outbox" noun="call" actions={actions} picked={rows.picked} />
      <div className={`sheet ${styles.rows}`}>
        {mayAct && (
          <Checkbox
            className={styles.all}
            label="All of these"
            checked={rows.all}
            onChange={(event) => rows.pickAll(event.currentTarget.checked)}
          />
        )}
        <ul>
          {calls.map((call) => (
            <li key={call.id}>
              {mayAct && (
                <Checkbox
                  aria-label={`Pick ${call.id}`}
                  checked={rows.isPicked(call.id)}
                  onChange={(event) => rows.pick(call.id, event.currentTarget.checked)}
                />
              )}
              <Row call={call} />
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}

function Row({ call }: { call: Waiting }) {
  const [tone, says] = STATES[call.state]
  return (
    <div className={styles.row}>
      <a href={address(['calls', call.id])}>
        {call.template ?? `${call.operation.replaceAll('_', ' ')}, ${call.resource}`}
      </a>
      <span className="soft">{call.upstream}</span>
      <Badge tone={tone}>{says}</Badge>
      <span className={`soft ${styles.when}`}>
        received <Instant at={call.received_at} />, {counted(call.attempt_count, 'attempt')}
        {call.next_try_at && (
          <>
            , next <Instant at={call.next_try_at} />
          </>
        )}
        {(call.job_id ?? call.client) && `, for ${call.job_id ?? call.client}`}
      </span>
    </div>
  )
}
