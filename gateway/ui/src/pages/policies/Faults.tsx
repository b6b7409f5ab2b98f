import type { Fault } from '../../api/types'
import { counted } from '../../parts/instants'
import { Icon } from '../../parts/Icon'
import { shortFile } from './files'
import styles from './Policies.module.css'

/** The last edit is not in force: why, with the line at fault shown as it stands in the file. */
export function Faults({ faults }: { faults: readonly Fault[] }) {
  return (
    <section className={`${styles.faults} tone-broken`} role="alert" aria-label="Faults of the last edit">
      <h2>
        <Icon name="alert" /> The last edit is not in force: {counted(faults.length, 'fault')}
      </h2>
      <p>What stood before goes on judging calls. Mend the file and save it; nothing needs a restart.</p>
      {faults.map((fault) => (
        <FaultShown key={`${fault.file} ${fault.line} ${fault.pointer} ${fault.message}`} fault={fault} />
      ))}
    </section>
  )
}

function FaultShown({ fault }: { fault: Fault }) {
  return (
    <article className={styles.fault}>
      <p>
        <span className="mono" title={fault.file}>
          {shortFile(fault.file)}
          {fault.line ? `:${fault.line}` : ''}
        </span>{' '}
        {fault.pointer && <span className={`mono ${styles.pointer}`}>{fault.pointer}</span>}{' '}
        <strong>{fault.message}</strong>
      </p>
      {fault.excerpt && fault.excerpt.length > 0 && (
        <pre className={styles.excerpt} tabIndex={0} aria-label={`Lines around line ${fault.line}`}>
          {fault.excerpt.map(({ line, text }) => (
            <span key={line} className={line === fault.line ? styles.marked : undefined}>
              <i>{line}</i>
              {text}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </article>
  )
}
