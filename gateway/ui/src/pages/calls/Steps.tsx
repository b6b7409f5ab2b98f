import type { CallStory } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { exactly, span } from '../../parts/instants'
import styles from './CallPage.module.css'
import { stepsOf } from './story'

export function Steps({ call }: { call: CallStory }) {
  const start = Date.parse(call.received_at)
  return (
    <section className={`sheet ${styles.panel}`} aria-label="What happened">
      <h2>What happened</h2>
      <ol className={styles.steps}>
        {stepsOf(call).map((step, index) => (
          <li key={`${step.at} ${index}`} className={`tone-${step.tone}`}>
            <span className={styles.bullet}>
              <Icon name={step.icon} size={15} />
            </span>
            <div>
              <span className={styles.stepTitle}>{step.title}</span>
              {step.detail && <span className="soft"> {step.detail}</span>}
            </div>
            <time dateTime={new Date(step.at).toISOString()} title={exactly(step.at)} className="soft">
              +{span(Math.max(step.at - start, 0) / 1000)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  )
}
