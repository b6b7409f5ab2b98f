import { describe, expect, it } from 'vitest'
import type { Health, PlatformName, Template } from '../../api/types'
import { chosenOf, upstreamsOf } from './choose'

const template = (platform: PlatformName, name: string): Template => ({
  platform,
  name,
  description: null,
  target: {},
  path: '/rest/api/2/issue',
  fields: {},
  variables: [],
})

const TEMPLATES = [template('jira', 'rca_task'), template('servicenow', 'disk_full'), template('servicenow', 'rca')]

const health = (...upstreams: readonly (readonly [string, PlatformName])[]): Health => ({
  status: 'ok',
  phase: 'serving',
  store: { state: 'ok' },
  upstreams: Object.fromEntries(
    upstreams.map(([name, platform]) => [
      name,
      { platform, last_answer_at: null, last_failure_at: null, last_failure: null },
    ]),
  ),
  rules: { version: 'v', policies: 1, faults: [] },
})

describe('the chosen template', () => {
  const both = health(['jira', 'jira'], ['servicenow', 'servicenow'])

  it.each([
    [{ platform: null, template: null }, 'rca_task'],
    [{ platform: null, template: 'rca' }, 'rca'],
    [{ platform: 'servicenow', template: null }, 'disk_full'],
    [{ platform: 'servicenow', template: 'gone' }, 'disk_full'],
    [{ platform: 'remedy', template: null }, 'rca_task'],
  ])('of an address that says %o is %s', (named, name) => {
    expect(chosenOf(TEMPLATES, both, named)?.name).toBe(name)
  })

  it('is one that can be used', () => {
    expect(chosenOf(TEMPLATES, health(['sn', 'servicenow']), { platform: null, template: null })?.name).toBe(
      'disk_full',
    )
  })
})

it('knows a platform’s upstreams', () => {
  expect(upstreamsOf('jira', health(['eu', 'jira'], ['us', 'jira'], ['sn', 'servicenow']))).toEqual(['eu', 'us'])
})
