import { cleanup } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

afterEach(() => {
  cleanup()
  window.location.hash = ''
  window.sessionStorage.clear()
  vi.unstubAllGlobals()
})
