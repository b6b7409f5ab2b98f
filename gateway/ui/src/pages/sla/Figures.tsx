import type { Promises, Sla } from '../../api/types'
import { counted, span } from '../../parts/instants'
import type { Tone } from '../../parts/outcomes'
import { PLATFORM_NAMES } from '../../parts/platforms'
import styles from './Sla.module.css'
import { percent } from './percent'

const GOOD = 0.95

export function Figures({ sla }: { sla: Sla }) {
  const { seconds, share } = sla.targets.creation
  return (
    <dl className={`sheet ${styles.figures}`}>
      {sla.creation.map((creation) => (
        <Figure
          key={creation.platform}
          name={`${PLATFORM_NAMES[creation.platform]}: made within ${span(seconds)}`}
          value={percent(creation.share)}
          tone={creation.met ? 'well' : 'broken'}
          more={`${counted(creation.tickets, 'ticket')}, 95 of 100 within ${span(creation.p95_seconds)}; the target is ${percent(share)}`}
        />
      ))}
      {sla.creation.length === 0 && <Figure name="Tickets made" value="0" tone="quiet" more="in this time" />}
      {sla.availability.map((each) => (
        <Figure
          key={each.upstream}
          name={`${each.upstream}: answered`}
          value={percent(each.share)}
          tone={each.met ? 'well' : 'broken'}
          more={`${each.answered} of ${counted(each.exchanges, 'exchange')}${turnedAway(each.turned_away)}; the target is ${percent(sla.targets.availability.share)}`}
        />
      ))}
      <Figure name="Response kept" {...promised(sla.response)} />
      <Figure name="Resolution kept" {...promised(sla.resolution)} />
    </dl>
  )
}

function turnedAway(count: number): string {
  return count > 0 ? `, ${count} not sent while its circuit was open` : ''
}

function promised(promises: Promises): { value: string; tone: Tone; more: string } {
  const share = promises.attainment ?? null
  const broken = promises.breached ?? 0
  return {
    value: share === null ? '–' : percent(share),
    tone: share === null ? 'quiet' : share >= GOOD ? 'well' : share >= 0.8 ? 'waiting' : 'broken',
    more: `${counted(promises.promised, 'promise')}, ${broken} broken, ${promises.due_soon} due soon`,
  }
}

function Figure({ name, value, tone, more }: { name: string; value: string; tone: Tone; more: string }) {
  return (
    <div className={`tone-${tone}`}>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        <span className="soft">{more}</span>
      </dd>
    </div>
  )
}
