import { render, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { OutLink } from './Link'

describe('a link out of the console', () => {
  it('leads to a web page, in a tab that knows nothing of this one', () => {
    render(<OutLink to="https://jira.example.net/browse/OPS-1">OPS-1</OutLink>)

    const link = screen.getByRole('link')
    expect(link).toHaveProperty('href', 'https://jira.example.net/browse/OPS-1')
    expect(link).toHaveProperty('rel', 'noopener noreferrer')
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', ' javascript:alert(1)', 'no address', '', null])(
    'is text where the address is %s',
    (address) => {
      render(<OutLink to={address}>OPS-1</OutLink>)

      expect(screen.queryByRole('link')).toBeNull()
      expect(screen.getByText('OPS-1')).toBeTruthy()
    },
  )
})
