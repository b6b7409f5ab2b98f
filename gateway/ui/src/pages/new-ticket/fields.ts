import type { FieldError } from '../../api/client'
import type { Template } from '../../api/types'

export type Origin =
  | { readonly from: 'template'; readonly variables: readonly string[] }
  | { readonly from: 'policy' }
  | { readonly from: 'gateway' }

export interface PreviewField {
  readonly path: string
  readonly value: unknown
  readonly origin: Origin
  readonly violations: readonly FieldError[]
}

/**
 * The ticket's fields in reading order, each with who put it there; a field that is missing and should not be stands at
 * the end with its violation.
 */
export function previewFields(
  payload: unknown,
  template: Template,
  violations: readonly FieldError[],
): readonly PreviewField[] {
  const fields = fieldsOf(payload)
  const shown = leaves(fields, template.fields, '').map(([path, value]) => ({
    path,
    value,
    origin: originOf(path, value, template.fields),
    violations: violations.filter((each) => concerns(each.field, path)),
  }))
  const placed = new Set(shown.flatMap((field) => field.violations))
  const missing = violations.filter((each) => !placed.has(each))
  return [...shown, ...grouped(missing)]
}

/** Jira wraps a ticket's fields into `fields`, ServiceNow does not; violations name them without it. */
export function fieldsOf(payload: unknown): unknown {
  return isObject(payload) && isObject(payload.fields) && Object.keys(payload).length === 1 ? payload.fields : payload
}

/** The names of the placeholders in a template's text; doubled braces are text. */
export function placeholders(text: string): readonly string[] {
  const names = [...text.matchAll(/\{\{|\}\}|\{([^{}]+)\}/g)].map((match) => match[1])
  return [...new Set(names.filter((name): name is string => name !== undefined))]
}

/** Which variables feed the field that a violation names. */
export function variablesBehind(field: string, template: Template): readonly string[] {
  const leaf = leafAt(template.fields, field)
  return typeof leaf === 'string' ? placeholders(leaf) : []
}

/** A value as one reads it: text as it is, anything else as JSON. */
export function said(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function leaves(value: unknown, template: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (!isObject(value) || typeof template === 'string') return path ? [[path, value]] : []
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner, isObject(template) ? template[name] : undefined, path ? `${path}.${name}` : name),
  )
}

function originOf(path: string, value: unknown, template: unknown): Origin {
  const leaf = leafAt(template, path)
  if (leaf !== undefined) return { from: 'template', variables: typeof leaf === 'string' ? placeholders(leaf) : [] }
  return { from: isOurs(path, value) ? 'gateway' : 'policy' }
}

/** The correlation value, and ServiceNow's word for who put it there. */
function isOurs(path: string, value: unknown): boolean {
  return said(value).includes('itsmgw-') || (path === 'correlation_display' && value === 'itsm-gateway')
}

/** The template's text for a path, or for the part of it that the template says in one. */
function leafAt(template: unknown, path: string): unknown {
  let at = template
  for (const name of path.split('.')) {
    if (!isObject(at)) return at
    at = at[name]
  }
  return at
}

function concerns(field: string, path: string): boolean {
  return field === path || field.startsWith(`${path}.`) || path.startsWith(`${field}.`)
}

function grouped(violations: readonly FieldError[]): readonly PreviewField[] {
  const names = [...new Set(violations.map((each) => each.field))]
  return names.map((path) => ({
    path: path || 'the ticket',
    value: undefined,
    origin: { from: 'policy' },
    violations: violations.filter((each) => each.field === path),
  }))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
