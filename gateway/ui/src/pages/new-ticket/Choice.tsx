import { NativeSelect } from '@mantine/core'
import { PLATFORM_NAMES } from '../../parts/platforms'
import type { Template } from '../../api/types'
import styles from './NewTicket.module.css'

interface Props {
  templates: readonly Template[]
  chosen: Template
  upstreams: readonly string[]
  upstream: string | null
  choose: (changed: { platform?: string; template?: string | null; upstream?: string | null }) => void
}

export function Choice({ templates, chosen, upstreams, upstream, choose }: Props) {
  const platforms = [...new Set(templates.map((template) => template.platform))]
  const names = templates.filter((template) => template.platform === chosen.platform).map((template) => template.name)
  return (
    <div className={styles.choice}>
      <NativeSelect
        label="Platform"
        value={chosen.platform}
        onChange={(event) => choose({ platform: event.currentTarget.value, template: null, upstream: null })}
        data={platforms.map((value) => ({ value, label: PLATFORM_NAMES[value] }))}
      />
      <NativeSelect
        label="Template"
        value={chosen.name}
        onChange={(event) => choose({ platform: chosen.platform, template: event.currentTarget.value })}
        data={names}
      />
      {upstreams.length > 1 && (
        <NativeSelect
          label="Upstream"
          value={upstream ?? ''}
          onChange={(event) => choose({ upstream: event.currentTarget.value })}
          data={[...upstreams]}
        />
      )}
    </div>
  )
}
