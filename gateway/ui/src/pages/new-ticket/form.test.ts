import { describe, expect, it } from 'vitest'
import type { Template } from '../../api/types'
import { errorsAt, kindOf, missing, questionOf, requestOf } from './form'

const variable = (name: string, given: unknown, required = false) => ({
  name,
  required,
  description: null,
  default: given,
})

const TEMPLATE: Template = {
  platform: 'servicenow',
  name: 'rca_incident',
  description: null,
  target: {},
  path: '/api/now/table/incident',
  fields: { short_description: 'RCA: {job_name}', impact: '{impact}' },
  variables: [
    variable('job_name', null, true),
    variable('details', 'None.'),
    variable('impact', 3),
    variable('private', false),
    variable('extra', {}),
  ],
}

describe('the form', () => {
  it('gives each variable the control that fits its default', () => {
    expect(TEMPLATE.variables.map(kindOf)).toEqual(['line', 'text', 'number', 'choice', 'json'])
  })

  it('sends numbers, truth and objects as such, and leaves what is empty to its default', () => {
    const typed = { job_name: '42', details: '', impact: '2', private: true, extra: '{"a": 1}' }

    expect(requestOf(TEMPLATE, typed, '', 'sn')).toEqual({
      platform: 'servicenow',
      template_name: 'rca_incident',
      variables: { job_name: '42', impact: 2, private: true, extra: { a: 1 } },
      upstream: 'sn',
    })
  })

  it('asks about the same ticket before it is made', () => {
    const request = requestOf(TEMPLATE, { job_name: 'etl' }, 'nightly-42', 'sn')

    expect(questionOf(TEMPLATE, request)).toEqual({
      method: 'POST',
      target: '/api/now/table/incident',
      body: { job_name: 'etl' },
      headers: { 'ITSM-Template': 'rca_incident', 'ITSM-Job-Id': 'nightly-42' },
      upstream: 'sn',
    })
  })

  it('names the required variables that are still empty', () => {
    expect(missing(TEMPLATE, {}, '')).toEqual(['job_name'])
    expect(missing(TEMPLATE, { job_name: 'etl' }, '')).toEqual([])
  })

  it('says what is wrong at the control that can mend it', () => {
    const errors = [{ field: 'short_description', code: 'too_long', message: 'has 200 characters' }]

    expect(errorsAt('job_name', TEMPLATE, errors)).toBe('short_description has 200 characters')
    expect(errorsAt('impact', TEMPLATE, errors)).toBeUndefined()
  })
})
