import { Skeleton } from '@mantine/core'
import { useCalls } from '../../api/calls'
import { useFindings, useOutbox } from '../../api/outbox'
import type { Health } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { needs } from './needs'
import styles from './Overview.module.css'

/** What the gateway cannot settle by itself; where there is nothing, that is said. */
export function NeedsAPerson({ health }: { health: Health | undefined }) {
  const unconfirmed = useCalls({ outcome: 'unconfirmed' }, 50, true)
  const outbox = useOutbox('dead')
  const findings = useFindings()
  if (!health) return <Skeleton height={150} radius="md" />
  const found = needs({ health, unconfirmed: unconfirmed.data, outbox: outbox.data, findings: findings.data })
  return (
    <section className={`sheet ${styles.panel}`} aria-label="What needs a person">
      <h2>Needs a person</h2>
      {found.length === 0 && (
        <p className={`${styles.calm} tone-well`}>
          <Icon name="check" /> <span className="soft">Nothing at the moment.</span>
        </p>
      )}
      <ul className={styles.list}>
        {found.map((need) => (
          <li key={need.says} className={`tone-${need.tone}`}>
            <Icon name={need.icon} />
            <a href={need.to}>{need.says}</a>
          </li>
        ))}
      </ul>
    </section>
  )
}
