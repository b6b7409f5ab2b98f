import { Skeleton } from '@mantine/core'
import type { Health, UpstreamHealth } from '../../api/types'
import { Badge } from '../../parts/Badge'
import { Instant } from '../../parts/Instant'
import { PLATFORM_NAMES } from '../../parts/platforms'
import { address } from '../../route/place'
import { isFailing } from './figures'
import styles from './Overview.module.css'

export function Upstreams({ health }: { health: Health | undefined }) {
  if (!health) return <Skeleton height={150} radius="md" />
  const upstreams = Object.entries(health.upstreams)
  return (
    <section className={`sheet ${styles.panel}`} aria-label="Upstreams">
      <h2>Upstreams</h2>
      {upstreams.length === 0 && (
        <p className="soft">
          None is configured: add one under <code>upstreams</code> in the config.
        </p>
      )}
      <ul className={styles.list}>
        {upstreams.map(([name, upstream]) => (
          <li key={name} className={styles.upstream}>
            <a href={address(['calls'], { upstream: name })}>{name}</a>
            <span className="soft">{PLATFORM_NAMES[upstream.platform]}</span>
            <Stands upstream={upstream} />
            <span className={`soft ${styles.seen}`}>
              answered <Instant at={upstream.last_answer_at} />
              {upstream.last_failure_at && (
                <>
                  , failed <Instant at={upstream.last_failure_at} />
                  {upstream.last_failure && ` (${upstream.last_failure})`}
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Stands({ upstream }: { upstream: UpstreamHealth }) {
  if (isFailing(upstream)) {
    return (
      <Badge tone="broken" icon="cross">
        Failing
      </Badge>
    )
  }
  if (upstream.last_answer_at === null) {
    return (
      <Badge tone="quiet" icon="dot">
        Not asked yet
      </Badge>
    )
  }
  return (
    <Badge tone="well" icon="check">
      Answers
    </Badge>
  )
}
