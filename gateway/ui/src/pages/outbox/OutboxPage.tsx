import { Notice, Trouble } from '../../parts/Notice'
import { PageHead } from '../../parts/PageHead'
import { useFindings, useOutbox } from '../../api/outbox'
import { address } from '../../route/place'
import { useFilters } from '../../route/useFilters'
import { FindingList } from './FindingList'
import styles from './Outbox.module.css'
import { WaitingList } from './WaitingList'

const VIEWS = [
  { show: 'waiting', title: 'Waiting' },
  { show: 'dead', title: 'Dead letters' },
  { show: 'findings', title: 'Findings' },
] as const

export default function OutboxPage() {
  const { filters } = useFilters(['show'])
  const show = VIEWS.find((view) => view.show === filters.show)?.show ?? 'waiting'
  const outbox = useOutbox(null)
  const findings = useFindings()
  const error = outbox.error ?? findings.error
  const dead = outbox.data?.items.filter((call) => call.state === 'dead')
  const waiting = outbox.data?.items.filter((call) => call.state !== 'dead')
  const counts = { waiting: waiting?.length, dead: dead?.length, findings: findings.data?.items.length }
  return (
    <>
      <PageHead title="Outbox and findings" />
      <nav className={styles.views} aria-label="Parts of this page">
        {VIEWS.map((view) => (
          <a
            key={view.show}
            href={address(['outbox'], { show: view.show })}
            aria-current={view.show === show ? 'page' : undefined}
          >
            {view.title} <span className={styles.count}>{counts[view.show] ?? '·'}</span>
          </a>
        ))}
      </nav>
      {error ? (
        <div className="sheet">
          <Trouble error={error} again={() => void Promise.all([outbox.refetch(), findings.refetch()])} />
        </div>
      ) : show === 'findings' ? (
        <FindingList findings={findings.data?.items} />
      ) : show === 'dead' ? (
        <WaitingList calls={dead} actions={['replay', 'discard']} empty={<NoDead />} />
      ) : (
        <WaitingList calls={waiting} actions={['discard']} empty={<NoneWaits />} />
      )}
    </>
  )
}

function NoneWaits() {
  return (
    <Notice title="Nothing waits" tone="well" icon="check">
      Calls stand here while they wait for their upstream, or while it is asked whether their ticket exists.
    </Notice>
  )
}

function NoDead() {
  return (
    <Notice title="No dead letters" tone="well" icon="check">
      A call that could not be delivered in time would stand here, to be replayed or discarded.
    </Notice>
  )
}
