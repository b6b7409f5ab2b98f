import { describe, expect, it } from 'vitest'
import { counted, fromNow, span } from './instants'

describe('a span', () => {
  it.each([
    [0.0007, '0.7 ms'],
    [0.43, '430 ms'],
    [0.9996, '1 s'],
    [2.41, '2.4 s'],
    [60, '1 min'],
    [185, '3 min 5 s'],
    [14400, '4 h'],
    [183600, '2 d 3 h'],
  ])('of %d seconds reads %s', (seconds, said) => {
    expect(span(seconds)).toBe(said)
  })
})

describe('an instant seen from now', () => {
  const now = Date.parse('2026-01-31T12:00:00Z')

  it.each([
    ['2026-01-31T11:59:58Z', 'just now'],
    ['2026-01-31T11:58:00Z', '2 min ago'],
    ['2026-01-31T15:00:00Z', 'in 3 h'],
    ['2026-01-29T11:00:00Z', '2 d ago'],
  ])('at %s reads %s', (instant, said) => {
    expect(fromNow(instant, now)).toBe(said)
  })
})

it('counts one and many', () => {
  expect([counted(1, 'ticket'), counted(1200, 'ticket')]).toEqual(['1 ticket', '1,200 tickets'])
})
