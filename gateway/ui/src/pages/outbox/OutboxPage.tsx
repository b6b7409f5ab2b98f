import { Notice, Trouble } from '../../parts/Notice'
import { PageHead } from '../../parts/PageHead'
import { useFindings, useOutbox } from '../../api/outbox'
import type { Page, Waiting } from '../../api/types'
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
  const [queued, doubtful, letters] = [useOutbox('queued'), useOutbox('ambiguous'), useOutbox('dead')]
  const findings = useFindings()
  const asked = [queued, doubtful, letters, findings]
  const error = asked.find((each) => each.error)?.error
  const dead = letters.data?.items
  const waiting = both(doubtful.data, queued.data)
  const shown = { waiting, dead, findings: findings.data?.items }
  const more = {
    waiting: Boolean(queued.data?.next ?? doubtful.data?.next),
    dead: Boolean(letters.data?.next),
    findings: Boolean(findings.data?.next),
  }
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
            {view.title}{' '}
            <span className={styles.count}>
              {shown[view.show]?.length ?? '·'}
              {more[view.show] && '+'}
            </span>
          </a>
        ))}
      </nav>
      {error ? (
        <div className="sheet">
          <Trouble error={error} again={() => void Promise.all(asked.map((each) => each.refetch()))} />
        </div>
      ) : show === 'findings' ? (
        <FindingList findings={findings.data?.items} />
      ) : show === 'dead' ? (
        <WaitingList calls={dead} actions={['replay', 'discard']} empty={<NoDead />} />
      ) : (
        <WaitingList calls={waiting} actions={['discard']} empty={<NoneWaits />} />
      )}
      {more[show] && !error && (
        <p className="soft">
          These are the latest; the others come up as these are done with, and the API lists them all.
        </p>
      )}
    </>
  )
}

function both(one: Page<Waiting> | undefined, other: Page<Waiting> | undefined): readonly Waiting[] | undefined {
  return one && other ? [...one.items, ...other.items] : undefined
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
