import { PasswordInput, TextInput } from '@mantine/core'
import type { Login } from '../../api/fromTemplate'
import styles from './NewTicket.module.css'

interface Props {
  login: Login | null
  set: (login: Login) => void
}

/** Asked for where the gateway has no credentials for the platform: used for one call, kept nowhere. */
export function LoginFields({ login, set }: Props) {
  const { user, password } = login ?? { user: '', password: '' }
  return (
    <fieldset className={styles.login}>
      <legend>Your login on the platform, for this call only</legend>
      <TextInput
        label="User name"
        autoComplete="off"
        value={user}
        onChange={(event) => set({ user: event.currentTarget.value, password })}
      />
      <PasswordInput
        label="Password or API token"
        autoComplete="off"
        value={password}
        onChange={(event) => set({ user, password: event.currentTarget.value })}
      />
    </fieldset>
  )
}
