import { Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { Icon } from './Icon'

export function CopyButton({ text, children }: { text: string; children: string }) {
  const clipboard = useClipboard({ timeout: 2000 })
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<Icon name={clipboard.copied ? 'check' : 'copy'} size={15} />}
      onClick={() => clipboard.copy(text)}
    >
      <span aria-live="polite">{clipboard.copied ? 'Copied' : children}</span>
    </Button>
  )
}
