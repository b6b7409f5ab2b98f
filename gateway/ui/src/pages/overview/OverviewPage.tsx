import { SegmentedControl, Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useActivity } from '../../api/activity'
import { useHealth } from '../../api/rules'
import { Liveness } from '../../parts/Liveness'
import { Trouble } from '../../parts/Notice'
import { PageHead } from '../../parts/PageHead'
import { useFilters } from '../../route/useFilters'
import { totalsOf } from './figures'
import { NeedsAPerson } from './NeedsAPerson'
import styles from './Overview.module.css'
import { RecentCalls } from './RecentCalls'
import { Standing } from './Standing'
import { Upstreams } from './Upstreams'

const Charts = lazy(() => import('./Charts'))

const SPANS = [
  { value: '1h', label: 'Hour' },
  { value: '24h', label: 'Day' },
  { value: '7d', label: 'Week' },
]

export default function OverviewPage() {
  const { filters, set } = useFilters(['since'])
  const since = SPANS.find((each) => each.value === filters.since)?.value ?? '24h'
  const activity = useActivity(since)
  const health = useHealth()
  return (
    <>
      <PageHead title="Overview">
        <Liveness />
        <SegmentedControl
          aria-label="Time that the figures are about"
          data={SPANS}
          value={since}
          onChange={(value) => set({ since: value })}
        />
      </PageHead>
      {activity.isError && (
        <div className={`sheet ${styles.gap}`}>
          <Trouble error={activity.error} again={() => void activity.refetch()} />
        </div>
      )}
      {activity.isPending && <Skeleton height={140} radius="md" />}
      {activity.data && <Standing totals={totalsOf(activity.data)} health={health.data} since={since} />}
      <div className={styles.chartRoom}>
        <Suspense>{activity.data && <Charts activity={activity.data} />}</Suspense>
      </div>
      <div className={styles.columns}>
        <NeedsAPerson health={health.data} />
        <Upstreams health={health.data} />
      </div>
      <RecentCalls />
    </>
  )
}
