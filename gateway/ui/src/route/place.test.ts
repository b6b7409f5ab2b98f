import { describe, expect, it } from 'vitest'
import { address, readPlace } from './place'

describe('a place', () => {
  it('is the same after a way through an address', () => {
    const place = readPlace(address(['calls', 'a/b c'], { outcome: 'created', job_id: 'a&b=c?d', cursor: null }))

    expect(place.path).toEqual(['calls', 'a/b c'])
    expect(Object.fromEntries(place.query)).toEqual({ outcome: 'created', job_id: 'a&b=c?d' })
  })

  it('is the overview where the address names none', () => {
    expect(readPlace('').path).toEqual([])
    expect(readPlace('#/').path).toEqual([])
  })

  it('is read from what somebody typed badly', () => {
    expect(readPlace('#calls/%E0%A4%A').path).toEqual(['calls', '%E0%A4%A'])
  })
})
