import { Skeleton } from '@mantine/core'
import { usePolicies } from '../../api/rules'
import { Notice, Trouble } from '../../parts/Notice'
import { PageHead } from '../../parts/PageHead'
import { counted } from '../../parts/instants'
import { address } from '../../route/place'
import { Faults } from './Faults'
import styles from './Policies.module.css'
import { PolicyCard } from './PolicyCard'

const EVERY = 3000

export default function PoliciesPage() {
  const rules = usePolicies(EVERY)
  return (
    <>
      <PageHead title="Policies">
        {rules.data && <a href={address(['policies', 'explain'])}>Explain a request</a>}
        {rules.data && (
          <span className="soft">
            {counted(rules.data.policies.length, 'policy', 'policies')} in force, version{' '}
            <span className="mono">{rules.data.version}</span>
          </span>
        )}
      </PageHead>
      {rules.isError && (
        <div className="sheet">
          <Trouble error={rules.error} again={() => void rules.refetch()} />
        </div>
      )}
      {rules.isPending && <Skeleton height={360} radius="md" aria-label="Loading the policies" />}
      {rules.data && rules.data.faults.length > 0 && <Faults faults={rules.data.faults} />}
      {rules.data?.policies.length === 0 && (
        <div className="sheet">
          <Notice title="No policy is in force" icon="shield">
            Calls go through unchanged and unfenced. Put a policy file into the policies folder; it counts as soon as it
            is saved.
          </Notice>
        </div>
      )}
      <ol className={styles.policies} aria-label="Policies in the order they are tried">
        {rules.data?.policies.map((policy, index) => (
          <PolicyCard key={policy.name} policy={policy} number={index + 1} />
        ))}
      </ol>
    </>
  )
}
