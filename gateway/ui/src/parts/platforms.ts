import type { PlatformName } from '../api/types'

export const PLATFORM_NAMES: Readonly<Record<PlatformName, string>> = { servicenow: 'ServiceNow', jira: 'Jira' }
