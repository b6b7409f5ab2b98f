import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useExplain, type Question } from '../../api/explain'
import { Notice, Trouble } from '../../parts/Notice'
import { PageHead } from '../../parts/PageHead'
import { address } from '../../route/place'
import { useFilters } from '../../route/useFilters'
import { Explanation } from './Explanation'
import styles from './Explain.module.css'

const PAUSE = 300
const METHODS = ['POST', 'PUT', 'PATCH', 'GET', 'DELETE']
const EXAMPLE = '{\n  "short_description": "Disk full",\n  "urgency": "High"\n}'

/** The playground: type a request and see what the gateway would make of it, and why. */
export default function ExplainPage() {
  const { filters, set } = useFilters(['method', 'target', 'template', 'body'])
  const [body, setBody] = useState(filters.body ?? EXAMPLE)
  const method = filters.method ?? 'POST'
  const target = filters.target ?? '/servicenow/api/now/table/incident'
  const [asked] = useDebouncedValue(questionOf(method, target, body, filters.template), PAUSE)
  const explained = useExplain(asked)
  useBodyInAddress(body, filters.body, (told) => set({ body: told }))
  return (
    <>
      <a className={styles.back} href={address(['policies'])}>
        ← Policies
      </a>
      <PageHead title="Explain a request" />
      <p className={`soft ${styles.intro}`}>
        Nothing is sent and nothing recorded: this asks the rules in force, as every call does.
      </p>
      <div className={styles.columns}>
        <div className={`sheet ${styles.form}`}>
          <div className={styles.line}>
            <NativeSelect
              label="Method"
              data={METHODS}
              value={method}
              onChange={(event) => set({ method: event.currentTarget.value })}
            />
            <TextInput
              label="URL or path"
              spellCheck={false}
              value={target}
              onChange={(event) => set({ target: event.currentTarget.value })}
            />
          </div>
          <TextInput
            label="Template"
            description="As by the header ITSM-Template; the body is its variables then."
            value={filters.template ?? ''}
            onChange={(event) => set({ template: event.currentTarget.value || null })}
          />
          <Textarea
            label="Body"
            rows={12}
            spellCheck={false}
            classNames={{ input: 'mono' }}
            value={body}
            onChange={(event) => setBody(event.currentTarget.value)}
          />
        </div>
        <section className={`sheet ${styles.answer}`} aria-label="What would happen" aria-busy={explained.isFetching}>
          {asked === null && <Notice title="Give a path" icon="search" />}
          {explained.isError && <Trouble error={explained.error} />}
          {explained.data && !explained.isError && <Explanation told={explained.data} />}
        </section>
      </div>
    </>
  )
}

function questionOf(method: string, target: string, body: string, template: string | null): Question | null {
  if (!target.trim()) return null
  return {
    method,
    target: target.trim(),
    ...(body.trim() ? { body } : {}),
    ...(template ? { headers: { 'ITSM-Template': template } } : {}),
  }
}

const LONGEST_IN_ADDRESS = 8000

/** What was typed can be sent to somebody as a link; browsers bear few changes of an address, so only after a pause. */
function useBodyInAddress(body: string, shown: string | null, set: (body: string | null) => void): void {
  const [settled] = useDebouncedValue(body, PAUSE)
  const told = settled === EXAMPLE || settled.length > LONGEST_IN_ADDRESS ? null : settled
  useEffect(() => {
    if ((told || null) !== shown) set(told || null)
  }, [told])
}
