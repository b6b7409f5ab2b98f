import { Skeleton } from '@mantine/core'
import { useHealth, useTemplates } from '../../api/rules'
import type { PlatformName } from '../../api/types'
import { Notice, Trouble } from '../../parts/Notice'
import { PageHead } from '../../parts/PageHead'
import { PLATFORM_NAMES } from '../../parts/platforms'
import { useFilters } from '../../route/useFilters'
import { Choice } from './Choice'
import { chosenOf, upstreamsOf } from './choose'
import styles from './NewTicket.module.css'
import { TicketForm } from './TicketForm'

export default function NewTicketPage() {
  const templates = useTemplates()
  const health = useHealth()
  const { filters, set } = useFilters(['platform', 'template', 'upstream'])
  const chosen = templates.data && health.data && chosenOf(templates.data, health.data, filters)
  const upstreams = chosen && health.data ? upstreamsOf(chosen.platform, health.data) : []
  const upstream = upstreams.find((name) => name === filters.upstream) ?? upstreams[0] ?? null
  return (
    <>
      <PageHead title="New ticket" />
      {templates.isError && (
        <div className="sheet">
          <Trouble error={templates.error} again={() => void templates.refetch()} />
        </div>
      )}
      {!chosen && templates.data?.length !== 0 && !templates.isError && <Skeleton height={360} radius="md" />}
      {templates.data?.length === 0 && <NoTemplates />}
      {templates.data && chosen && (
        <>
          <Choice templates={templates.data} chosen={chosen} upstreams={upstreams} upstream={upstream} choose={set} />
          {chosen.description && <p className={`soft ${styles.about}`}>{chosen.description}</p>}
          {upstream === null ? (
            <NoUpstream platform={chosen.platform} />
          ) : (
            <TicketForm key={`${chosen.platform} ${chosen.name}`} template={chosen} upstream={upstream} />
          )}
        </>
      )}
    </>
  )
}

function NoTemplates() {
  return (
    <div className="sheet">
      <Notice title="There are no templates yet" icon="plus">
        Write one under <code>templates</code> in the gateway’s config; it is here as soon as the file is saved.
      </Notice>
    </div>
  )
}

function NoUpstream({ platform }: { platform: PlatformName }) {
  return (
    <div className="sheet">
      <Notice title={`No upstream of ${PLATFORM_NAMES[platform]} is configured`} icon="question">
        Add one under <code>upstreams</code> in the gateway’s config and restart it; this template can be used then.
      </Notice>
    </div>
  )
}
