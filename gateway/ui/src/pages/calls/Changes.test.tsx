import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { Changes } from './Changes'
import { SURVIVED } from './story.test'

it('tells of each field who changed it, and what left where that is on record', () => {
  const changes = [
    { field: 'urgency', by: 'policy', sent: '3' },
    { field: 'correlation_id', by: 'gateway' },
    { field: 'priority', by: 'platform' },
  ] as const
  render(<Changes call={{ ...SURVIVED, changes }} />)

  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    '+urgency: "3"a default of servicenow-incident',
    '+correlation_idthe mark that finds the ticket after a lost answer',
    '~prioritystored otherwise than sent',
  ])
})

it('says that a template made the fields where none is on record', () => {
  const { container } = render(<Changes call={{ ...SURVIVED, template: 'rca_incident', changes: [] }} />)

  expect(container.textContent).toContain('Every field was made by the template rca_incident')
})

it('leads to the playground with the request that is on record', () => {
  const request = { headers: [], body: '{"urgency": 3}' }
  const changes = [{ field: 'correlation_id', by: 'gateway' }] as const
  render(<Changes call={{ ...SURVIVED, changes, request }} />)

  const link = screen.getByRole('link', { name: 'Try it under today’s rules' })
  expect(new URLSearchParams(link.getAttribute('href')?.split('?')[1]).get('body')).toBe(request.body)
})
