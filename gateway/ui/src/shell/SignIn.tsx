import { Button, PasswordInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { keepToken, type Wanted } from '../api/token'
import { queryClient } from '../api/queryClient'
import mark from '../mark.svg'
import { PageHead } from '../parts/PageHead'
import styles from './SignIn.module.css'

export function SignIn({ why }: { why: Exclude<Wanted, null> }) {
  const [given, setGiven] = useState('')
  const enter = (event: FormEvent) => {
    event.preventDefault()
    keepToken(given)
    void queryClient.resetQueries()
  }
  return (
    <main className={styles.door}>
      <form className={`sheet ${styles.form}`} onSubmit={enter}>
        <img src={mark} width={40} height={40} alt="" />
        <PageHead title="Sign in" />
        <p className="soft">
          This gateway answers those who hold an access token. Whoever runs it makes one with{' '}
          <code>itsm-gateway token NAME --role viewer</code>.
        </p>
        <PasswordInput
          label="Access token"
          autoComplete="off"
          spellCheck={false}
          required
          value={given}
          onChange={(event) => setGiven(event.currentTarget.value)}
          error={why === 'wrong' && 'The gateway does not know this token.'}
          description="Kept in this tab only, until it is closed."
        />
        <Button type="submit" fullWidth disabled={!given.trim()}>
          Sign in
        </Button>
      </form>
    </main>
  )
}
