import { Button, Switch } from '@mantine/core'
import { useState } from 'react'
import { CALL_FILTERS, useCalls } from '../../api/calls'
import { Instant } from '../../parts/Instant'
import { Liveness } from '../../parts/Liveness'
import { Notice, Trouble } from '../../parts/Notice'
import { PageHead } from '../../parts/PageHead'
import { address, go, usePlace } from '../../route/place'
import { useFilters } from '../../route/useFilters'
import { CallFilters } from './CallFilters'
import { CallTable } from './CallTable'
import styles from './CallsPage.module.css'

const ROWS = 50

export default function CallsPage() {
  const place = usePlace()
  const cursor = place.query.get('cursor')
  const { filters, set, clear, any } = useFilters(CALL_FILTERS)
  const [live, setLive] = useState(true)
  const calls = useCalls({ ...filters, cursor }, ROWS, live && cursor === null)
  const older = () => go(address(place.path, { ...Object.fromEntries(place.query), cursor: calls.data?.next }))
  return (
    <>
      <PageHead title="Calls">
        <Liveness on={live && cursor === null} />
        <Switch
          label="Follow"
          checked={live && cursor === null}
          disabled={cursor !== null}
          onChange={(event) => setLive(event.currentTarget.checked)}
        />
      </PageHead>
      <CallFilters filters={filters} set={set} clear={clear} any={any} />
      {calls.isError ? (
        <div className="sheet">
          <Trouble error={calls.error} again={() => void calls.refetch()} />
        </div>
      ) : calls.data?.items.length === 0 && calls.data.looked_until ? (
        <div className="sheet">
          <Notice
            title="None of the calls looked at fits"
            icon="search"
            action={
              <Button variant="default" size="xs" onClick={older}>
                Look further back
              </Button>
            }
          >
            So far these are all calls back to <Instant at={calls.data.looked_until} />.
          </Notice>
        </div>
      ) : calls.data?.items.length === 0 && any ? (
        <div className="sheet">
          <Notice
            title="No call fits these filters"
            icon="search"
            action={
              <Button variant="default" size="xs" onClick={clear}>
                Clear the filters
              </Button>
            }
          >
            Calls are kept for a month by default; widen the time or take a filter away.
          </Notice>
        </div>
      ) : (
        <CallTable
          calls={calls.data?.items}
          rows={12}
          empty="No call yet. Point a client at the gateway, or make a ticket from a template."
        />
      )}
      {calls.data?.looked_until && calls.data.items.length > 0 && (
        <p className="soft">
          Looked back to <Instant at={calls.data.looked_until} /> so far; “Older” looks further.
        </p>
      )}
      <nav className={styles.pages} aria-label="Pages of calls">
        <Button variant="default" disabled={cursor === null} onClick={() => window.history.back()}>
          Newer
        </Button>
        <Button variant="default" disabled={!calls.data?.next} onClick={older}>
          Older
        </Button>
      </nav>
    </>
  )
}
