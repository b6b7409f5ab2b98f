import { Problem } from '../../api/client'
import type { useExplain } from '../../api/explain'
import type { Explained, Template, TicketRehearsed } from '../../api/types'
import { Badge } from '../../parts/Badge'
import { Notice } from '../../parts/Notice'
import { address } from '../../route/place'
import { previewFields, said, type Origin, type PreviewField } from './fields'
import styles from './NewTicket.module.css'

interface Props {
  template: Template
  lacking: readonly string[]
  preview: ReturnType<typeof useExplain>
  rehearsed: TicketRehearsed | undefined
}

/** The ticket as the platform would get it, by the gateway's own rules, while one types. */
export function Preview({ template, lacking, preview, rehearsed }: Props) {
  const shown = lacking.length === 0 ? preview.data : undefined
  return (
    <section className={`sheet ${styles.preview}`} aria-label="Preview of the ticket" aria-busy={preview.isFetching}>
      <div className={styles.previewHead}>
        <h2>What would be sent</h2>
        {shown && <Would would={shown.would} />}
      </div>
      {lacking.length > 0 && (
        <Notice title={`Fill in ${lacking.join(', ')}`} icon="search">
          The expanded fields stand here as soon as every required variable has a value.
        </Notice>
      )}
      {lacking.length === 0 && preview.error instanceof Problem && (
        <Notice title={preview.error.title} tone="broken" icon="alert">
          {preview.error.detail}
        </Notice>
      )}
      {shown?.problem && shown.violations.length === 0 && (
        <Notice title="It cannot be filled in" tone="broken" icon="alert">
          {shown.problem.detail}
        </Notice>
      )}
      {shown && (
        <dl className={styles.fields}>
          {previewFields(payloadOf(shown), template, shown.violations).map((field) => (
            <Field key={field.path} field={field} refused={shown.would === 'refuse'} />
          ))}
        </dl>
      )}
      {shown && (
        <p className={`soft ${styles.judge}`}>
          {shown.policy ? (
            <>
              Judged by the policy <strong>{shown.policy.name}</strong>.
            </>
          ) : (
            'No policy covers this ticket: it is sent as it is.'
          )}
        </p>
      )}
      <div aria-live="polite">{rehearsed && <Rehearsed told={rehearsed} />}</div>
    </section>
  )
}

/** Where it would be refused there is no payload: the fields at fault stand there alone. */
function payloadOf(told: Explained): unknown {
  return told.payload === null ? {} : JSON.parse(told.payload)
}

function Would({ would }: { would: 'forward' | 'refuse' }) {
  return would === 'forward' ? (
    <Badge tone="well" icon="check">
      Would be sent
    </Badge>
  ) : (
    <Badge tone="broken" icon="shield">
      Would be refused
    </Badge>
  )
}

function Field({ field, refused }: { field: PreviewField; refused: boolean }) {
  return (
    <div className={styles.field}>
      <dt>
        <span className="mono">{field.path}</span> <OriginOf origin={field.origin} />
      </dt>
      <dd>
        {field.value === undefined ? <span className="soft">not given</span> : <span>{said(field.value)}</span>}
        {field.violations.map((violation) => (
          <span
            key={violation.field + violation.message}
            className={`${styles.violation} ${refused ? 'tone-broken' : 'tone-waiting'}`}
          >
            {violation.field === field.path ? '' : `${violation.field} `}
            {violation.message}
          </span>
        ))}
      </dd>
    </div>
  )
}

function OriginOf({ origin }: { origin: Origin }) {
  const text = {
    template: 'template',
    policy: 'policy default',
    gateway: 'gateway, to find it again',
  }[origin.from]
  const variables = origin.from === 'template' && origin.variables.length > 0 ? ` · ${origin.variables.join(', ')}` : ''
  return (
    <span className={styles.origin}>
      {text}
      {variables}
    </span>
  )
}

function Rehearsed({ told }: { told: TicketRehearsed }) {
  return (
    <div className={`${styles.rehearsed} tone-know`}>
      Dry run done: nothing was sent. It is recorded as{' '}
      <a href={address(['calls', told.call_id])} className="mono">
        {told.call_id.slice(0, 12)}…
      </a>
      ; the ticket would be {told.would === 'forward' ? 'sent' : 'refused'}.
    </div>
  )
}
