import { useCalls } from '../../api/calls'
import { Trouble } from '../../parts/Notice'
import { address } from '../../route/place'
import { CallTable } from '../calls/CallTable'
import styles from './Overview.module.css'

const ROWS = 8

export function RecentCalls() {
  const calls = useCalls({}, ROWS, true)
  return (
    <section aria-label="The latest calls">
      <div className={styles.sectionHead}>
        <h2>Latest calls</h2>
        <a href={address(['calls'])}>All calls</a>
      </div>
      {calls.isError ? (
        <div className="sheet">
          <Trouble error={calls.error} again={() => void calls.refetch()} />
        </div>
      ) : (
        <CallTable
          calls={calls.data?.items}
          rows={ROWS}
          empty="Nothing has gone through this gateway yet: point a client at it, or make a ticket from a template."
        />
      )}
    </section>
  )
}
