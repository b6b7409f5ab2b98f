import { Checkbox, Skeleton } from '@mantine/core'
import { useMayAct } from '../../api/me'
import type { Finding } from '../../api/types'
import { Badge } from '../../parts/Badge'
import { Instant } from '../../parts/Instant'
import { Notice } from '../../parts/Notice'
import { address } from '../../route/place'
import { ActionBar } from './ActionBar'
import styles from './Outbox.module.css'
import { usePicked } from './usePicked'

const KINDS: Readonly<Record<Finding['kind'], string>> = {
  orphan: 'The caller was told of a failure, and the ticket exists.',
  ghost: 'The caller was told of a ticket, and it is gone.',
  duplicate: 'One create has left more than one ticket.',
}

export function FindingList({ findings }: { findings: readonly Finding[] | undefined }) {
  const mayAct = useMayAct()
  const rows = usePicked(findings?.map((finding) => finding.id) ?? [])
  if (!findings) return <Skeleton height={220} radius="md" aria-label="Loading" />
  if (findings.length === 0) {
    return (
      <div className="sheet">
        <Notice title="Records and platforms agree" tone="well" icon="check">
          Orphans, ghosts and duplicates would stand here, to be adopted or closed.
        </Notice>
      </div>
    )
  }
  return (
    <>
      <ActionBar where="findings" noun="finding" actions={['adopt', 'close']} picked={rows.picked} />
      <div className={`sheet ${styles.rows}`}>
        <ul>
          {findings.map((finding) => (
            <li key={finding.id}>
              {mayAct && (
                <Checkbox
                  aria-label={`Pick ${finding.kind} ${finding.tickets.join(', ')}`}
                  checked={rows.isPicked(finding.id)}
                  onChange={(event) => rows.pick(finding.id, event.currentTarget.checked)}
                />
              )}
              <Row finding={finding} />
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}

function Row({ finding }: { finding: Finding }) {
  return (
    <div className={styles.row}>
      <Badge tone={finding.kind === 'duplicate' ? 'broken' : 'waiting'}>{finding.kind}</Badge>
      <span>{KINDS[finding.kind]}</span>
      <span className={`soft ${styles.when}`}>
        {finding.upstream} <span className="mono">{finding.tickets.join(', ')}</span>, found{' '}
        <Instant at={finding.found_at} />
        {finding.call_id && (
          <>
            , <a href={address(['calls', finding.call_id])}>its call</a>
          </>
        )}
        {finding.note && `: ${finding.note}`}
      </span>
    </div>
  )
}
