import { describe, expect, it } from 'vitest'
import type { Template } from '../../api/types'
import { placeholders, previewFields, variablesBehind } from './fields'

const TEMPLATE: Template = {
  platform: 'jira',
  name: 'rca_task',
  description: null,
  target: {},
  path: '/rest/api/2/issue',
  fields: {
    project: { key: '{project}' },
    issuetype: { name: 'Task' },
    summary: 'RCA: {job_name}',
    description: '{details}',
  },
  variables: [],
}

describe('the preview', () => {
  it('names who put each field there', () => {
    const payload = {
      fields: {
        project: { key: 'OPS' },
        issuetype: { name: 'Task' },
        summary: 'RCA: x',
        labels: ['itsmgw-0'],
        priority: { name: 'High' },
      },
    }

    const shown = previewFields(payload, TEMPLATE, [])

    expect(shown.map((field) => [field.path, field.origin.from])).toEqual([
      ['project.key', 'template'],
      ['issuetype.name', 'template'],
      ['summary', 'template'],
      ['labels', 'gateway'],
      ['priority.name', 'policy'],
    ])
  })

  it('keeps a document that the template wrote as one text in one piece', () => {
    const rich = { type: 'doc', content: [] }

    const shown = previewFields({ fields: { description: rich } }, TEMPLATE, [])

    expect(shown.map((field) => [field.path, field.value])).toEqual([['description', rich]])
  })

  it('puts a violation beside its field, and one of a missing field at the end', () => {
    const long = { field: 'summary', code: 'too_long', message: 'has 300 characters' }
    const lacking = { field: 'components', code: 'required', message: 'is required' }

    const shown = previewFields({ fields: { summary: 'x' } }, TEMPLATE, [lacking, long])

    expect(shown.map((field) => [field.path, field.violations])).toEqual([
      ['summary', [long]],
      ['components', [lacking]],
    ])
  })

  it('knows which variable feeds a field', () => {
    expect(variablesBehind('summary', TEMPLATE)).toEqual(['job_name'])
    expect(variablesBehind('project', TEMPLATE)).toEqual([])
    expect(variablesBehind('project.key', TEMPLATE)).toEqual(['project'])
  })
})

it('reads placeholders and leaves doubled braces alone', () => {
  expect(placeholders('{a} and {b} and {a}, {{c}}')).toEqual(['a', 'b'])
})
