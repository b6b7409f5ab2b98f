import { describe, expect, it } from 'vitest'
import { scaleOver } from './scale'

describe('the scale of a timeline', () => {
  it('keeps the order and reaches from one end to the other', () => {
    const scale = scaleOver([0, 1, 1000, 1001])

    expect([0, 1, 500, 1000, 1001].map(scale)).toEqual([...[0, 1, 500, 1000, 1001].map(scale)].sort())
    expect([scale(0), scale(1001)]).toEqual([0, 1])
  })

  it('leaves room for what is very short', () => {
    const scale = scaleOver([0, 1, 10_000])

    expect(scale(1) - scale(0)).toBeGreaterThan(0.03)
  })

  it('holds what lies outside at its ends', () => {
    const scale = scaleOver([100, 200])

    expect([scale(50), scale(300)]).toEqual([0, 1])
  })

  it('needs two instants', () => {
    expect(scaleOver([5])(5)).toBe(0)
  })
})
