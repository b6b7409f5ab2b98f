import { Checkbox, Textarea, TextInput } from '@mantine/core'
import type { Variable } from '../../api/types'
import { said } from './fields'
import { kindOf } from './form'

interface Props {
  variable: Variable
  value: string | boolean | undefined
  error: string | undefined
  onChange: (value: string | boolean) => void
}

/** One variable of the template, with what the template's author says about it. */
export function VariableInput({ variable, value, error, onChange }: Props) {
  const kind = kindOf(variable)
  const common = {
    label: variable.name,
    description: variable.description ?? undefined,
    required: variable.required,
    withAsterisk: variable.required,
    error,
  }
  if (kind === 'choice') {
    return (
      <Checkbox
        {...common}
        checked={typeof value === 'boolean' ? value : variable.default === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    )
  }
  const text = {
    ...common,
    value: typeof value === 'string' ? value : '',
    placeholder: variable.default === null ? undefined : said(variable.default),
    spellCheck: kind === 'text',
  }
  if (kind === 'text' || kind === 'json') {
    return <Textarea {...text} rows={3} onChange={(event) => onChange(event.currentTarget.value)} />
  }
  return (
    <TextInput
      {...text}
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
