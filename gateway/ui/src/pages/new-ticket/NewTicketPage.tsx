import { Skeleton } from '@mantine/core'
import { useTemplates } from '../../api/rules'
import type { Template } from '../../api/types'
import { Notice, Trouble } from '../../parts/Notice'
import { PageHead } from '../../parts/PageHead'
import { useFilters } from '../../route/useFilters'
import { Choice } from './Choice'
import styles from './NewTicket.module.css'
import { TicketForm } from './TicketForm'

export default function NewTicketPage() {
  const templates = useTemplates()
  const { filters, set } = useFilters(['platform', 'template'])
  const chosen = templates.data && chosenOf(templates.data, filters.platform, filters.template)
  return (
    <>
      <PageHead title="New ticket" />
      {templates.isError && (
        <div className="sheet">
          <Trouble error={templates.error} again={() => void templates.refetch()} />
        </div>
      )}
      {templates.isPending && <Skeleton height={360} radius="md" />}
      {templates.data?.length === 0 && <NoTemplates />}
      {templates.data && chosen && (
        <>
          <Choice templates={templates.data} chosen={chosen} choose={set} />
          {chosen.description && <p className={`soft ${styles.about}`}>{chosen.description}</p>}
          <TicketForm key={`${chosen.platform} ${chosen.name}`} template={chosen} />
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

/** The template that the address names, else the first of the platform, else the first. */
function chosenOf(templates: readonly Template[], platform: string | null, name: string | null): Template | undefined {
  const fitting = templates.filter((template) => template.platform === platform)
  return fitting.find((template) => template.name === name) ?? fitting[0] ?? templates[0]
}
