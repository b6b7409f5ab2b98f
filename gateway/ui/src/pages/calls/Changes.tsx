import type { CallStory, FieldChange } from '../../api/types'
import { address } from '../../route/place'
import styles from './Changes.module.css'

/** What left otherwise than it came, and what was stored otherwise than it left: each field, and who did it. */
export function Changes({ call }: { call: CallStory }) {
  if (call.changes.length === 0 && !call.template) return null
  return (
    <section className={`sheet ${styles.changes}`} aria-label="What was changed">
      <h2>What was changed, and why</h2>
      <ul>
        {call.changes.map((change) => (
          <li key={`${change.by} ${change.field}`} className={styles[change.by]}>
            <span aria-hidden="true">{change.by === 'platform' ? '~' : '+'}</span>
            <span className="mono">
              {change.field}
              {change.sent !== undefined && <span className={styles.value}>: {JSON.stringify(change.sent)}</span>}
            </span>
            <span className={styles.why}>{why(change, call)}</span>
          </li>
        ))}
      </ul>
      <p className="soft">
        {call.template && !call.changes.some((change) => change.by === 'template') && (
          <>Every field was made by the template {call.template}; its policy has no body recorded. </>
        )}
        {call.policy && (
          <>
            Judged by <a href={address(['calls'], { policy: call.policy.name })}>{call.policy.name}</a>, as it stood in
            the set <span className="mono">{call.policy.version}</span>.
          </>
        )}
        {call.request && <a href={underTodaysRules(call, call.request.body)}> Try it under today’s rules</a>}
      </p>
    </section>
  )
}

function underTodaysRules(call: CallStory, body: string): string {
  return address(['policies', 'explain'], { method: call.method, target: `/${call.upstream}${call.target}`, body })
}

export function why({ by }: FieldChange, call: CallStory): string {
  switch (by) {
    case 'template':
      return `template ${call.template}`
    case 'policy':
      return `a default of ${call.policy?.name ?? 'its policy'}`
    case 'gateway':
      return 'the mark that finds the ticket after a lost answer'
    case 'platform':
      return 'stored otherwise than sent'
  }
}
