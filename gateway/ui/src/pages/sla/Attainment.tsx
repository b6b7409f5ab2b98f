import { useMemo } from 'react'
import type { Priorities } from '../../api/types'
import { Chart } from '../../parts/Chart'
import { Notice } from '../../parts/Notice'
import type { Tone } from '../../parts/outcomes'
import { overDays, shares, type Kind } from './attainment'
import { percent } from './percent'
import styles from './Sla.module.css'

const TONES: readonly Tone[] = ['broken', 'waiting', 'know', 'well', 'quiet']

interface Props {
  told: Priorities
  kind: Kind
}

/** What was kept of what was promised, by priority: day by day, and altogether. */
export function Attainment({ told, kind }: Props) {
  const drawn = useMemo(() => seriesOf(told, kind), [told, kind])
  const all = shares(told, kind)
  if (all.length === 0) {
    return (
      <div className="sheet">
        <Notice title={`No promise of a ${kind} is decided in this time`} icon="clock">
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
            <th scope="col">Attained</th>
          </tr>
        </thead>
        <tbody>
          {all.map(({ priority, kept, breached, attainment }, index) => (
            <tr key={priority} className={`tone-${TONES[index % TONES.length]}`}>
              <th scope="row">
                <i className={styles.dot} />
                {priority}
              </th>
              <td>{kept}</td>
              <td>{breached}</td>
              <td>{percent(attainment ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function seriesOf(told: Priorities, kind: Kind) {
  const { at, lines } = overDays(told, kind)
  const says = shares(told, kind).map(({ priority, attainment }) => `${priority}: ${percent(attainment ?? 0)}`)
  const series = lines.map(({ priority, values }, index) => ({
    name: priority,
    tone: TONES[index % TONES.length] as Tone,
    values,
  }))
  return { at, series, says: says.join(', ') }
}
