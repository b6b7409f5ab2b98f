import type { Explained } from '../../api/types'
import { Badge } from '../../parts/Badge'
import { Icon } from '../../parts/Icon'
import { said } from '../new-ticket/fields'
import styles from './Explain.module.css'
import { pretty } from './pretty'

export function Explanation({ told }: { told: Explained }) {
  const refused = told.would === 'refuse'
  return (
    <>
      <div className={styles.verdict}>
        <Badge tone={refused ? 'broken' : 'well'} icon={refused ? 'shield' : 'check'}>
          {refused ? 'Would be refused' : 'Would be forwarded'}
        </Badge>
        <span className="soft">
          {told.operation ? `${told.operation.replaceAll('_', ' ')} on ${told.upstream}` : `upstream ${told.upstream}`}
          {judge(told)}
        </span>
      </div>
      {told.problem && (
        <p className={styles.problem}>
          {told.problem.status}: {told.problem.detail}
        </p>
      )}
      {told.violations.length > 0 && (
        <section aria-label="Broken rules">
          <h2>{refused ? 'Why' : 'Warnings'}</h2>
          <ul className={`${styles.list} ${refused ? 'tone-broken' : 'tone-waiting'}`}>
            {told.violations.map((each) => (
              <li key={each.field + each.message} className={styles.violation}>
                <span className="mono">{each.field}</span> {each.message}
              </li>
            ))}
          </ul>
        </section>
      )}
      {told.changes.length > 0 && (
        <section aria-label="What the gateway would change">
          <h2>What would be changed</h2>
          <ul className={styles.list}>
            {told.changes.map((each) => (
              <li key={each.field}>
                <span className="mono">{each.field}</span>{' '}
                {each.before !== null && <del className="soft">{said(each.before)}</del>} → {said(each.after)}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="The policies that were tried">
        <h2>Policies, in the order they are tried</h2>
        <ol className={styles.list}>
          {told.candidates.map((each) => (
            <li key={each.policy} className={each.covers ? styles.covers : styles.passed}>
              <Icon name={each.covers ? 'check' : 'cross'} size={15} />
              <span>
                <strong>{each.policy}</strong> <span className="soft">{each.why}</span>
              </span>
            </li>
          ))}
        </ol>
      </section>
      {told.payload && (
        <section aria-label="What would be sent">
          <h2>What would be sent</h2>
          <pre className={styles.payload} tabIndex={0}>
            {pretty(told.payload)}
          </pre>
        </section>
      )}
    </>
  )
}

/** A refusal that comes before any policy is asked says nothing about which would cover the request. */
function judge({ policy, problem }: Explained): string {
  if (policy) return `, judged by ${policy.name}`
  return problem && problem.type !== 'not-covered' ? ', no policy was asked' : ', no policy covers it'
}
