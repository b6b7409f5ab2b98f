import { useMemo } from 'react'
import type { Sample } from '../../api/sla'
import type { Sla } from '../../api/types'
import { Chart } from '../../parts/Chart'
import { Notice } from '../../parts/Notice'
import type { Tone } from '../../parts/outcomes'
import { attained, byPriority, overTime, type Kind } from './attainment'
import { percent } from './percent'
import styles from './Sla.module.css'

const STEPS = 24
const TONES: readonly Tone[] = ['broken', 'waiting', 'know', 'well', 'quiet']

interface Props {
  sample: Sample
  kind: Kind
  window: Sla['window']
}

/** What was kept of what was promised, by priority: over the time, and altogether. */
export function Attainment({ sample, kind, window }: Props) {
  const drawn = useMemo(() => seriesOf(sample, kind, window), [sample, kind, window])
  const shares = byPriority(sample.tickets, kind)
  if (shares.length === 0) {
    return (
      <div className="sheet">
        <Notice title={`No ${kind} was promised in this time`} icon="clock">
          A policy promises by its <code>sla</code>; each ticket it covers then has its due times.
        </Notice>
      </div>
    )
  }
  return (
    <div className={styles.attainment}>
      <Chart
        title={`${kind === 'response' ? 'Response' : 'Resolution'} kept, by priority`}
        form="lines"
        at={drawn.at}
        series={drawn.series}
        show={percent}
        top={1.05}
        says={drawn.says}
      />
      <table className={`sheet ${styles.shares}`}>
        <caption className="out-of-sight">Promises by priority</caption>
        <thead>
          <tr>
            <th scope="col">Priority</th>
            <th scope="col">Kept</th>
            <th scope="col">Broken</th>
            <th scope="col">Open</th>
            <th scope="col">Attained</th>
          </tr>
        </thead>
        <tbody>
          {shares.map(([priority, share], index) => {
            const part = attained(share)
            return (
              <tr key={priority} className={`tone-${TONES[index % TONES.length]}`}>
                <th scope="row">
                  <i className={styles.dot} />
                  {priority}
                </th>
                <td>{share.kept}</td>
                <td>{share.breached}</td>
                <td>{share.promised - share.kept - share.breached}</td>
                <td>{part === null ? '–' : percent(part)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {!sample.whole && (
        <p className="soft">Drawn from the latest {sample.tickets.length.toLocaleString('en')} tickets of this time.</p>
      )}
    </div>
  )
}

function seriesOf(sample: Sample, kind: Kind, window: Sla['window']) {
  const [since, until] = [Date.parse(window.since) / 1000, Date.parse(window.until) / 1000]
  const { at, lines } = overTime(sample.tickets, kind, since, until, STEPS)
  const told = byPriority(sample.tickets, kind).map(([priority, share]) => {
    const part = attained(share)
    return `${priority}: ${part === null ? 'nothing decided' : percent(part)}`
  })
  const series = lines.map(({ priority, values }, index) => ({
    name: priority,
    tone: TONES[index % TONES.length] as Tone,
    values,
  }))
  return { at, series, says: told.join(', ') }
}
