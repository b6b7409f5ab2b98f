import type { FieldError } from './client'

export type PlatformName = 'servicenow' | 'jira'

export const OUTCOMES = [
  'created',
  'updated',
  'reconciled',
  'replayed',
  'queued',
  'dry_run',
  'validation_failed',
  'template_failed',
  'refused',
  'rejected',
  'rate_limited',
  'upstream_error',
  'timeout',
  'unreachable',
  'circuit_open',
  'unconfirmed',
  'forwarded',
] as const

export type OutcomeName = (typeof OUTCOMES)[number]

export interface Page<Item> {
  readonly items: readonly Item[]
  readonly next: string | null
}

export interface CallPage extends Page<Call> {
  /** Where looking for calls that fit was broken off; `next` goes on from there. */
  readonly looked_until: string | null
}

export interface TicketName {
  readonly id: string | null
  readonly key: string | null
}

export interface Call {
  readonly id: string
  readonly upstream: string
  readonly platform: PlatformName
  readonly operation: string
  readonly method: string
  readonly target: string
  readonly resource: string
  readonly policy: { readonly name: string; readonly version: string } | null
  readonly template: string | null
  readonly source: 'proxy' | 'template'
  readonly state: string
  readonly outcome: OutcomeName | null
  readonly status: number | null
  readonly attempt_count: number
  readonly violation_count: number
  readonly job_id: string | null
  readonly client: string | null
  readonly ticket: TicketName | null
  readonly fenced: boolean
  readonly received_at: string
  readonly last_sent_at: string | null
  readonly ended_at: string | null
  readonly settled_at: string | null
  readonly duration_seconds: number | null
}

export interface Attempt {
  readonly number: number
  readonly started_at: string
  readonly duration_seconds: number
  readonly status: number | null
  readonly failure: string | null
  readonly wait_seconds: number
}

export interface CallEvent {
  readonly at: string
  readonly event: string
  readonly attempt?: number
  readonly status?: number | null
}

export interface FieldChange {
  readonly field: string
  readonly by: 'template' | 'policy' | 'gateway' | 'platform'
  readonly sent?: unknown
}

export interface CallStory extends Call {
  readonly changes: readonly FieldChange[]
  /** As its caller sent it; null where no body is on record. */
  readonly request: { readonly headers: readonly (readonly [string, string])[]; readonly body: string } | null
  readonly attempts: readonly Attempt[]
  readonly violations: readonly FieldError[]
  readonly problem: { readonly type: string; readonly status: number; readonly detail: string } | null
  readonly events: readonly CallEvent[]
}

export interface Variable {
  readonly name: string
  readonly required: boolean
  readonly description: string | null
  readonly default: unknown
}

export interface Template {
  readonly platform: PlatformName
  readonly name: string
  readonly description: string | null
  readonly target: Readonly<Record<string, string>>
  readonly path: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly variables: readonly Variable[]
}

export interface Fault {
  readonly file: string
  readonly line: number | null
  readonly pointer: string
  readonly message: string
  readonly excerpt?: readonly { readonly line: number; readonly text: string }[]
}

export interface Policy {
  readonly name: string
  readonly version: string
  readonly description: string | null
  readonly file: string
  readonly platform: PlatformName | null
  readonly upstream: string | null
  readonly mode: 'enforce' | 'warn' | 'off'
  readonly retry_policy: Readonly<Record<string, unknown>>
  readonly carrier: unknown
  readonly record: string
  readonly sla: SlaSeconds | null
}

export interface SlaSeconds {
  readonly response_seconds: Readonly<Record<string, number>>
  readonly resolution_seconds: Readonly<Record<string, number>>
}

export interface PolicySet {
  readonly version: string
  readonly faults: readonly Fault[]
  readonly policies: readonly Policy[]
}

export interface UpstreamHealth {
  readonly platform: PlatformName
  readonly last_answer_at: string | null
  readonly last_failure_at: string | null
  readonly last_failure: string | null
}

export interface Health {
  readonly status: 'ok' | 'degraded'
  readonly phase: string
  readonly store: { readonly state: string; readonly failed_at?: string; readonly detail?: string }
  readonly upstreams: Readonly<Record<string, UpstreamHealth>>
  readonly rules: { readonly version: string; readonly policies: number; readonly faults: readonly Fault[] }
}

export interface TicketRequest {
  readonly platform: PlatformName
  readonly template_name: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly job_id?: string
  readonly upstream?: string
  readonly dry_run?: boolean
}

export interface TicketCreated {
  readonly call_id: string
  readonly ticket: { readonly id: string | null; readonly key: string | null; readonly url: string | null } | null
  readonly template: string | null
  readonly retry: { readonly attempts: number; readonly delays_seconds: readonly number[] }
  readonly sla: { readonly response_due_at: string | null; readonly resolution_due_at: string | null } | null
  readonly outcome: OutcomeName
  readonly warnings?: readonly FieldError[]
}

export interface TicketRehearsed {
  readonly call_id: string
  readonly policy: string | null
  readonly payload: unknown
  readonly violations: readonly FieldError[]
  readonly would: 'forward' | 'refuse'
}

export interface ActivityBucket {
  readonly at: string
  readonly outcomes: Readonly<Partial<Record<OutcomeName | 'under_way', number>>>
  readonly retried: number
  readonly mean_seconds: number | null
  readonly slowest_seconds: number | null
}

export interface Activity {
  readonly window: { readonly since: string; readonly until: string }
  readonly step_seconds: number
  readonly buckets: readonly ActivityBucket[]
}

export interface Due {
  readonly due_at: string
  readonly state: string
}

export interface Ticket {
  readonly id: string
  readonly upstream: string
  readonly platform: PlatformName
  readonly ticket: { readonly id: string | null; readonly key: string | null; readonly url: string | null }
  readonly call_id: string
  readonly template: string | null
  readonly job_id: string | null
  readonly policy: string | null
  readonly priority: string | null
  readonly accepted_at: string
  readonly creation_seconds: number
  readonly sla: {
    readonly response: Due | null
    readonly resolution: Due | null
    readonly platform?: readonly PlatformReading[]
  }
}

export interface Promises {
  readonly promised: number
  readonly due_soon: number
  readonly kept?: number
  readonly breached?: number
  readonly attainment?: number | null
}

export interface Decided {
  readonly kept: number
  readonly breached: number
  readonly attainment: number | null
}

export interface PriorityFigures {
  readonly priority: string | null
  readonly response: Decided
  readonly resolution: Decided
}

export interface Priorities {
  readonly window: { readonly since: string; readonly until: string }
  readonly priorities: readonly PriorityFigures[]
  readonly days: readonly (PriorityFigures & { readonly day: string })[]
}

export interface Availability {
  readonly upstream: string
  readonly exchanges: number
  readonly answered: number
  readonly turned_away: number
  readonly share: number
  readonly met: boolean
}

/** What the platform itself says of one of its SLAs on the ticket. */
export interface PlatformReading {
  readonly name: string
  readonly state: string
  readonly breached: boolean
  readonly due_at: string | null
  readonly read_at: string
  readonly compared_with?: string
  readonly seconds_after_ours?: number
}

export interface Sla {
  readonly window: { readonly since: string; readonly until: string }
  readonly targets: {
    readonly creation: { readonly seconds: number; readonly share: number }
    readonly availability: { readonly share: number }
    readonly policies: readonly ({ readonly policy: string } & SlaSeconds)[]
  }
  readonly creation: readonly {
    readonly platform: PlatformName
    readonly tickets: number
    readonly within_target: number
    readonly share: number
    readonly p95_seconds: number
    readonly met: boolean
  }[]
  readonly response: Promises
  readonly resolution: Promises
  readonly availability: readonly Availability[]
  readonly due_soon: readonly Ticket[]
  readonly breached?: readonly Ticket[]
  readonly meaning: string
}

export interface Waiting {
  readonly id: string
  readonly upstream: string
  readonly platform: PlatformName
  readonly operation: string
  readonly resource: string
  readonly policy: string | null
  readonly template: string | null
  readonly state: 'queued' | 'ambiguous' | 'dead'
  readonly outcome: OutcomeName | null
  readonly attempt_count: number
  readonly tries: number
  readonly job_id: string | null
  readonly client: string | null
  readonly received_at: string
  readonly last_sent_at: string | null
  readonly next_try_at: string | null
}

export interface Finding {
  readonly id: string
  readonly kind: 'orphan' | 'ghost' | 'duplicate'
  readonly state: 'open' | 'adopted' | 'closed'
  readonly platform: PlatformName
  readonly upstream: string
  readonly tickets: readonly string[]
  readonly call_id: string | null
  readonly found_at: string
  readonly note: string | null
}

export interface Explained {
  readonly upstream: string
  readonly method: string
  readonly target: string
  readonly operation: string | null
  readonly path: string | null
  readonly would: 'forward' | 'refuse'
  readonly policy: { readonly name: string; readonly version: string } | null
  readonly candidates: readonly {
    readonly policy: string
    readonly file: string
    readonly mode: string
    readonly covers: boolean
    readonly why: string
  }[]
  readonly changes: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[]
  readonly violations: readonly FieldError[]
  readonly problem: { readonly type: string; readonly status: number; readonly detail: string } | null
  readonly payload: string | null
}

export interface Me {
  readonly name: string
  readonly role: 'viewer' | 'operator' | 'client'
}
