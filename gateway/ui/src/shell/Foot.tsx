import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useMe } from '../api/me'
import { forgetToken, token } from '../api/token'
import { Icon } from '../parts/Icon'
import styles from './Shell.module.css'

/** What is set for oneself: light or dark, and leaving. */
export function Foot() {
  const me = useMe().data
  const { setColorScheme } = useMantineColorScheme()
  const other = useComputedColorScheme('light') === 'dark' ? 'light' : 'dark'
  return (
    <div className={styles.foot}>
      <button type="button" onClick={() => setColorScheme(other)}>
        <Icon name={other === 'dark' ? 'moon' : 'sun'} />
        {other === 'dark' ? 'Dark' : 'Light'} colours
      </button>
      {me && (
        <p className={styles.who}>
          {me.name} <span className="soft">{me.role}</span>
        </p>
      )}
      {token() && (
        <button type="button" onClick={forgetToken}>
          <Icon name="key" />
          Sign out
        </button>
      )}
    </div>
  )
}
