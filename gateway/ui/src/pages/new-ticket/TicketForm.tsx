import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState, type FormEvent } from 'react'
import { Problem } from '../../api/client'
import { useExplain } from '../../api/explain'
import { useTicketDoor, type Login } from '../../api/fromTemplate'
import type { Template, TicketCreated, TicketRehearsed } from '../../api/types'
import { Trouble } from '../../parts/Notice'
import { usePlace } from '../../route/place'
import { Created } from './Created'
import { errorsAt, missing, questionOf, requestOf, type Typed } from './form'
import { LoginFields } from './LoginFields'
import styles from './NewTicket.module.css'
import { Preview } from './Preview'
import { VariableInput } from './VariableInput'

const PAUSE = 300

export function TicketForm({ template, upstream }: { template: Template; upstream: string }) {
  const place = usePlace()
  const [typed, setTyped] = useState<Typed>(() => broughtAlong(template, place.query))
  const [jobId, setJobId] = useState(place.query.get('job_id') ?? '')
  const [login, setLogin] = useState<Login | null>(null)
  const request = requestOf(template, typed, jobId, upstream)
  const [settled] = useDebouncedValue(request, PAUSE)
  const lacking = missing(template, typed, jobId)
  const preview = useExplain(lacking.length === 0 ? questionOf(template, settled) : null)
  const create = useTicketDoor<TicketCreated>()
  const rehearse = useTicketDoor<TicketRehearsed>()
  const problem = create.error instanceof Problem ? create.error : null
  const errors = [...(problem?.errors ?? []), ...(lacking.length === 0 ? (preview.data?.violations ?? []) : [])]

  const submit = (event: FormEvent) => {
    event.preventDefault()
    rehearse.reset()
    create.mutate({ request, login })
  }
  const dryRun = () => {
    create.reset()
    rehearse.mutate({ request: { ...request, dry_run: true }, login: null })
  }

  if (create.data) return <Created made={create.data.body} another={() => create.reset()} />
  return (
    <form className={styles.columns} onSubmit={submit} noValidate>
      <div className={`sheet ${styles.form}`}>
        {template.variables.map((variable) => (
          <VariableInput
            key={variable.name}
            variable={variable}
            value={typed[variable.name]}
            error={errorsAt(variable.name, template, errors)}
            onChange={(value) => setTyped({ ...typed, [variable.name]: value })}
          />
        ))}
        <TextInput
          label="Job id"
          description="The job that the ticket is about; kept with the call, to find it again."
          value={jobId}
          onChange={(event) => setJobId(event.currentTarget.value)}
        />
        {problem?.kind === 'upstream-credentials' && <LoginFields login={login} set={setLogin} />}
        {create.isError && <Trouble error={create.error} />}
        <div className={styles.buttons}>
          <Button type="submit" loading={create.isPending} disabled={lacking.length > 0}>
            Create ticket
          </Button>
          <Button variant="default" loading={rehearse.isPending} disabled={lacking.length > 0} onClick={dryRun}>
            Dry run
          </Button>
          {create.isPending && (
            <span className="soft">The gateway may retry for up to its deadline; it sends once.</span>
          )}
        </div>
      </div>
      <Preview template={template} lacking={lacking} preview={preview} rehearsed={rehearse.data?.body} />
    </form>
  )
}

/** A link may fill the form: `v.job_name=etl` sets that variable. */
function broughtAlong(template: Template, query: URLSearchParams): Typed {
  const given = template.variables.map(({ name }) => [name, query.get(`v.${name}`)] as const)
  return Object.fromEntries(given.filter((pair): pair is readonly [string, string] => pair[1] !== null))
}
