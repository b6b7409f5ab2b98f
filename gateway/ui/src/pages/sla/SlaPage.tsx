import { SegmentedControl, Skeleton } from '@mantine/core'
import { usePriorities, useSla } from '../../api/sla'
import { Trouble } from '../../parts/Notice'
import { PageHead } from '../../parts/PageHead'
import { useFilters } from '../../route/useFilters'
import { AtStake } from './AtStake'
import { Attainment } from './Attainment'
import type { Kind } from './attainment'
import { Figures } from './Figures'
import styles from './Sla.module.css'

const SPANS = [
  { value: '24h', label: 'Day' },
  { value: '7d', label: 'Week' },
  { value: '30d', label: 'Month' },
]
const KINDS = [
  { value: 'response', label: 'Response' },
  { value: 'resolution', label: 'Resolution' },
]

export default function SlaPage() {
  const { filters, set } = useFilters(['since', 'promise'])
  const since = SPANS.find((each) => each.value === filters.since)?.value ?? '7d'
  const kind: Kind = filters.promise === 'resolution' ? 'resolution' : 'response'
  const sla = useSla(since)
  const priorities = usePriorities(since)
  const error = sla.error ?? priorities.error
  return (
    <>
      <PageHead title="SLA">
        <SegmentedControl aria-label="Promise" data={KINDS} value={kind} onChange={(promise) => set({ promise })} />
        <SegmentedControl aria-label="Time" data={SPANS} value={since} onChange={(value) => set({ since: value })} />
      </PageHead>
      {error && (
        <div className="sheet">
          <Trouble error={error} again={() => void Promise.all([sla.refetch(), priorities.refetch()])} />
        </div>
      )}
      {!error && !sla.data && <Skeleton height={480} radius="md" aria-label="Loading the figures" />}
      {sla.data && (
        <>
          <Figures sla={sla.data} />
          <div className={styles.chartRoom}>{priorities.data && <Attainment told={priorities.data} kind={kind} />}</div>
          <div className={styles.columns}>
            <AtStake title="Breaches next" tickets={sla.data.due_soon} empty="No promise falls due soon." />
            <AtStake title="Breached" tickets={sla.data.breached ?? []} empty="No promise is broken." broken />
          </div>
          <p className={`soft ${styles.meaning}`}>{sla.data.meaning}</p>
        </>
      )}
    </>
  )
}
