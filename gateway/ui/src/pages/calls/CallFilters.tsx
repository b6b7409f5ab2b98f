import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useEffect, useState, type FormEvent } from 'react'
import { CALL_FILTERS, type CallFilter } from '../../api/calls'
import { usePolicies } from '../../api/rules'
import { OUTCOMES } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { meaningOf } from '../../parts/outcomes'
import { address, go } from '../../route/place'
import type { Filters } from '../../route/useFilters'
import styles from './CallsPage.module.css'

interface Props {
  filters: Filters<CallFilter>
  set: (changed: Partial<Record<CallFilter, string | null>>) => void
  clear: () => void
  any: boolean
}

const SPANS = [
  { value: '', label: 'Any time' },
  { value: '15m', label: 'Last 15 minutes' },
  { value: '1h', label: 'Last hour' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
]

export function CallFilters({ filters, set, clear, any }: Props) {
  const policies = usePolicies()
  return (
    <div className={styles.filters} role="search" aria-label="Filter the calls">
      <Search filters={filters} set={set} />
      <NativeSelect
        label="Outcome"
        value={filters.outcome ?? ''}
        onChange={(event) => set({ outcome: event.currentTarget.value || null })}
        data={[
          { value: '', label: 'Any outcome' },
          ...OUTCOMES.map((value) => ({ value, label: meaningOf(value).label })),
        ]}
      />
      <NativeSelect
        label="Platform"
        value={filters.platform ?? ''}
        onChange={(event) => set({ platform: event.currentTarget.value || null })}
        data={[
          { value: '', label: 'Either' },
          { value: 'servicenow', label: 'ServiceNow' },
          { value: 'jira', label: 'Jira' },
        ]}
      />
      <NativeSelect
        label="Policy"
        value={filters.policy ?? ''}
        onChange={(event) => set({ policy: event.currentTarget.value || null })}
        data={[
          { value: '', label: 'Any policy' },
          ...named(filters.policy, policies.data?.policies.map((policy) => policy.name) ?? []),
        ]}
      />
      <TextInput
        key={filters.client}
        label="Client"
        placeholder="Anybody"
        defaultValue={filters.client ?? ''}
        onBlur={(event) => set({ client: event.currentTarget.value.trim() || null })}
        onKeyDown={(event) => event.key === 'Enter' && set({ client: event.currentTarget.value.trim() || null })}
      />
      <NativeSelect
        label="Received"
        value={filters.since ?? ''}
        onChange={(event) => set({ since: event.currentTarget.value || null })}
        data={SPANS}
      />
      {others(filters).map(([name, value]) => (
        <Button
          key={name}
          variant="default"
          rightSection={<Icon name="cross" size={14} />}
          onClick={() => set({ [name]: null })}
        >
          {name.replace('_', ' ')} {value}
        </Button>
      ))}
      {any && (
        <Button variant="subtle" onClick={clear}>
          Clear all
        </Button>
      )}
    </div>
  )
}

const CALL_ID = /^[0-9a-f]{32}$/

/** One field for what people have at hand: a call's id, a ticket's number or key, a job's id. */
function Search({ filters, set }: Pick<Props, 'filters' | 'set'>) {
  const shown = filters.text ?? filters.ticket ?? filters.job_id ?? ''
  const [typed, setTyped] = useState(shown)
  useEffect(() => setTyped(shown), [shown])
  const search = (event: FormEvent) => {
    event.preventDefault()
    const text = typed.trim()
    if (CALL_ID.test(text)) go(address(['calls', text]))
    else set({ ticket: null, job_id: null, text: text || null })
  }
  return (
    <form className={styles.wide} onSubmit={search}>
      <TextInput
        label="Find"
        data-search
        enterKeyHint="search"
        placeholder="A ticket, a job or a call, then Enter"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        leftSection={<Icon name="search" size={16} />}
      />
    </form>
  )
}

/** A filter that a link brought along stays visible, even where its policy is gone. */
function named(chosen: string | null, known: readonly string[]): { value: string; label: string }[] {
  const all = chosen && !known.includes(chosen) ? [chosen, ...known] : known
  return all.map((value) => ({ value, label: value }))
}

const CONTROLLED: readonly CallFilter[] = [
  'outcome',
  'platform',
  'policy',
  'client',
  'job_id',
  'ticket',
  'text',
  'since',
]

/** Filters that only a link can bring: shown, so that nobody wonders what is missing, and taken away by a press. */
function others(filters: Filters<CallFilter>): readonly (readonly [CallFilter, string])[] {
  return CALL_FILTERS.flatMap((name) => {
    const value = filters[name]
    return value && !CONTROLLED.includes(name) ? [[name, value] as const] : []
  })
}
