import { useMemo } from 'react'
import type { Activity } from '../../api/types'
import { Chart } from '../../parts/Chart'
import { counted, span } from '../../parts/instants'
import { countsOf, everyBucket, totalsOf } from './figures'
import styles from './Overview.module.css'

export default function Charts({ activity }: { activity: Activity }) {
  const drawn = useMemo(() => seriesOf(activity), [activity])
  return (
    <div className={styles.charts}>
      <Chart title="How creates ended" form="bars" at={drawn.at} series={drawn.ended} show={whole} says={drawn.says} />
      <Chart
        title="How long callers waited"
        form="lines"
        at={drawn.at}
        series={drawn.waited}
        show={span}
        says={drawn.slowest}
      />
    </div>
  )
}

function seriesOf(activity: Activity) {
  const buckets = everyBucket(activity)
  const counts = buckets.map(countsOf)
  const totals = totalsOf(activity)
  const slowest = Math.max(0, ...buckets.map((bucket) => bucket.slowest_seconds ?? 0))
  return {
    at: buckets.map((bucket) => Date.parse(bucket.at) / 1000),
    ended: [
      { name: 'made', tone: 'well' as const, values: counts.map((each) => each.made) },
      { name: 'refused', tone: 'know' as const, values: counts.map((each) => each.refused) },
      { name: 'failed', tone: 'broken' as const, values: counts.map((each) => each.failed) },
      { name: 'open', tone: 'waiting' as const, values: counts.map((each) => each.open) },
    ],
    waited: [
      { name: 'mean', tone: 'well' as const, values: buckets.map((bucket) => bucket.mean_seconds) },
      { name: 'slowest', tone: 'waiting' as const, values: buckets.map((bucket) => bucket.slowest_seconds) },
    ],
    says: `${counted(totals.made, 'ticket')} made, ${totals.refused} refused, ${totals.failed} failed, ${totals.open} open`,
    slowest: `the slowest took ${span(slowest)}`,
  }
}

function whole(value: number): string {
  return value.toLocaleString('en')
}
