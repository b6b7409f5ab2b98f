import { Skeleton } from '@mantine/core'
import { useCall } from '../../api/calls'
import type { CallStory } from '../../api/types'
import { CopyButton } from '../../parts/CopyButton'
import { Icon } from '../../parts/Icon'
import { Trouble } from '../../parts/Notice'
import { OutcomeBadge } from '../../parts/OutcomeBadge'
import { PageHead } from '../../parts/PageHead'
import { useNow } from '../../parts/useNow'
import { address, usePlace } from '../../route/place'
import styles from './CallPage.module.css'
import { Changes } from './Changes'
import { curlOfCall, curlOfRecord } from './curl'
import { Facts } from './Facts'
import { Steps } from './Steps'
import { inOneSentence } from './story'
import { Timeline } from './Timeline'

export default function CallPage() {
  const id = usePlace().path[1] ?? ''
  const call = useCall(id)
  if (call.isError) {
    return (
      <>
        <PageHead title="Call" />
        <div className="sheet">
          <Trouble error={call.error} again={() => void call.refetch()} />
        </div>
      </>
    )
  }
  return call.data ? <Told call={call.data} /> : <Skeleton height={420} radius="md" aria-label="Loading the call" />
}

function Told({ call }: { call: CallStory }) {
  const now = useNow()
  const name = call.ticket?.key ?? `${call.method} ${call.resource}`
  return (
    <>
      <a className={styles.back} href={address(['calls'])}>
        ← All calls
      </a>
      <PageHead title={name}>
        <OutcomeBadge outcome={call.outcome} />
        <CopyButton text={curlOfCall(call)}>Copy as curl</CopyButton>
        <CopyButton text={curlOfRecord(call)}>Copy its record’s curl</CopyButton>
      </PageHead>
      <p className={styles.sentence}>{inOneSentence(call)}</p>
      {(call.problem || call.violations.length > 0) && <Why call={call} />}
      <div className="sheet">
        <Timeline call={call} now={now} />
      </div>
      <Changes call={call} />
      <div className={styles.columns}>
        <Steps call={call} />
        <Facts call={call} />
      </div>
    </>
  )
}

/** Why it was refused or warned about, field by field. */
function Why({ call }: { call: CallStory }) {
  const tone = call.problem ? 'tone-broken' : 'tone-waiting'
  return (
    <section className={`${styles.why} ${tone}`} aria-label="Why">
      <Icon name={call.problem ? 'shield' : 'alert'} />
      <div>
        <p>{call.problem ? call.problem.detail : 'It was sent; its policy warns of this:'}</p>
        {call.violations.length > 0 && (
          <ul>
            {call.violations.map((violation) => (
              <li key={violation.field + violation.message}>
                <span className="mono">{violation.field}</span> {violation.message}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}
