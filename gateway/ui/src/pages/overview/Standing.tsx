import type { Health } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { address } from '../../route/place'
import { verdictOf, type Totals } from './figures'
import styles from './Overview.module.css'

interface Props {
  totals: Totals
  health: Health | undefined
  since: string
}

export function Standing({ totals, health, since }: Props) {
  const verdict = verdictOf(totals, health)
  return (
    <section className={`sheet ${styles.standing}`} aria-label="How it stands">
      <p className={`${styles.verdict} tone-${verdict.tone}`}>
        <Icon name={verdict.tone === 'well' ? 'check' : verdict.tone === 'quiet' ? 'dot' : 'alert'} size={26} />
        {verdict.says}
      </p>
      <dl className={styles.figures}>
        <Figure
          name="Tickets made"
          value={totals.made}
          tone="well"
          to={address(['calls'], { operation: CREATE, since })}
        />
        <Figure name="Refused" value={totals.refused} tone="know" />
        <Figure name="Failed" value={totals.failed} tone="broken" />
        <Figure
          name="Open"
          value={totals.open}
          tone="waiting"
          to={address(['calls'], { outcome: 'unconfirmed', since })}
        />
        <Figure name="Survived by a retry" value={totals.retried} tone="quiet" />
      </dl>
    </section>
  )
}

const CREATE = 'create_ticket'

function Figure({ name, value, tone, to }: { name: string; value: number; tone: string; to?: string }) {
  const shown = value.toLocaleString('en')
  return (
    <div className={`tone-${value > 0 ? tone : 'quiet'}`}>
      <dt>{name}</dt>
      <dd>{to ? <a href={to}>{shown}</a> : shown}</dd>
    </div>
  )
}
