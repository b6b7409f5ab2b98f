import type { Policy } from '../../api/types'
import { Badge } from '../../parts/Badge'
import type { Tone } from '../../parts/outcomes'
import { span } from '../../parts/instants'
import { PLATFORM_NAMES } from '../../parts/platforms'
import { address } from '../../route/place'
import { shortFile } from './files'
import styles from './Policies.module.css'

const MODES: Readonly<Record<Policy['mode'], readonly [Tone, string]>> = {
  enforce: ['well', 'Calls that break it are refused.'],
  warn: ['waiting', 'Calls that break it are sent, and counted.'],
  off: ['quiet', 'It changes and refuses nothing.'],
}

export function PolicyCard({ policy, number }: { policy: Policy; number: number }) {
  const [tone, says] = MODES[policy.mode]
  const retry = Object.entries(policy.retry_policy)
  return (
    <li className={`sheet ${styles.card}`}>
      <div className={styles.cardHead}>
        <span className={styles.number} aria-hidden="true">
          {number}
        </span>
        <h2>{policy.name}</h2>
        <Badge tone={tone} says={says}>
          {policy.mode}
        </Badge>
        <a href={address(['calls'], { policy: policy.name })}>its calls</a>
      </div>
      {policy.description && <p className="soft">{policy.description}</p>}
      <dl className={styles.facts}>
        <dt>For</dt>
        <dd>
          {policy.upstream ? `upstream ${policy.upstream}` : policy.platform ? PLATFORM_NAMES[policy.platform] : 'both'}
        </dd>
        <dt>File</dt>
        <dd className="mono" title={policy.file}>
          {shortFile(policy.file)}
        </dd>
        {retry.length > 0 && (
          <>
            <dt>Retries</dt>
            <dd>{retry.map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(', ')}</dd>
          </>
        )}
        {policy.sla && (
          <>
            <dt>Response</dt>
            <dd>{promised(policy.sla.response_seconds)}</dd>
            <dt>Resolution</dt>
            <dd>{promised(policy.sla.resolution_seconds)}</dd>
          </>
        )}
      </dl>
    </li>
  )
}

function promised(targets: Readonly<Record<string, number>>): string {
  const told = Object.entries(targets).map(
    ([name, seconds]) => `${name === 'default' ? 'else' : name}: ${span(seconds)}`,
  )
  return told.length > 0 ? told.join(' · ') : 'nothing'
}
