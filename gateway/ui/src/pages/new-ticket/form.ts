import type { FieldError } from '../../api/client'
import type { Question } from '../../api/explain'
import type { Template, TicketRequest, Variable } from '../../api/types'
import { variablesBehind } from './fields'

/** What was typed, by variable; what is not there was left as it is. */
export type Typed = Readonly<Record<string, string | boolean>>

export type Kind = 'line' | 'text' | 'number' | 'choice' | 'json'

/** The control that a variable gets, by the type of its default. */
export function kindOf(variable: Variable): Kind {
  const given = variable.default
  if (typeof given === 'boolean') return 'choice'
  if (typeof given === 'number') return 'number'
  if (typeof given === 'object' && given !== null) return 'json'
  return /detail|descr|text|note|comment|body/i.test(variable.name) ? 'text' : 'line'
}

/** What was typed as the request says it: an empty field is left to its default, a number is sent as one. */
export function variablesOf(template: Template, typed: Typed): Record<string, unknown> {
  const given = template.variables.flatMap((variable) => {
    const value = typed[variable.name]
    return value === undefined || value === '' ? [] : [[variable.name, valueOf(kindOf(variable), value)] as const]
  })
  return Object.fromEntries(given)
}

/** Text that should be a number or JSON and is not goes as the text it is: the gateway says what is wrong with it. */
function valueOf(kind: Kind, value: string | boolean): unknown {
  if (typeof value === 'boolean' || kind === 'line' || kind === 'text') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

export function requestOf(template: Template, typed: Typed, jobId: string, upstream: string): TicketRequest {
  return {
    platform: template.platform,
    template_name: template.name,
    variables: variablesOf(template, typed),
    ...(jobId ? { job_id: jobId } : {}),
    upstream,
  }
}

/** The same ticket as a question about it: what would be sent, and what its policy says, without a trace. */
export function questionOf(template: Template, request: TicketRequest): Question {
  return {
    method: 'POST',
    target: template.path,
    body: request.variables,
    headers: {
      'ITSM-Template': template.name,
      ...(request.job_id && isHeaderText(request.job_id) ? { 'ITSM-Job-Id': request.job_id } : {}),
    },
    ...(request.upstream ? { upstream: request.upstream } : {}),
  }
}

/** A header holds no line breaks and nothing beyond ASCII; the tickets door takes any text. */
function isHeaderText(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text)
}

/** The required variables that are still empty. */
export function missing(template: Template, typed: Typed, jobId: string): readonly string[] {
  return template.variables
    .filter((variable) => variable.required && !typed[variable.name] && !(variable.name === 'job_id' && jobId))
    .map((variable) => variable.name)
}

/** What is wrong, said at the control that can mend it: the variable itself, or the one that feeds the field. */
export function errorsAt(variable: string, template: Template, errors: readonly FieldError[]): string | undefined {
  const concerned = errors.filter(
    (error) => error.field === variable || variablesBehind(error.field, template).includes(variable),
  )
  const told = concerned.map((error) => (error.field === variable ? error.message : `${error.field} ${error.message}`))
  return told.length > 0 ? [...new Set(told)].join('; ') : undefined
}
