import type { Health, PlatformName, Template } from '../../api/types'

interface Named {
  readonly platform: string | null
  readonly template: string | null
}

/** The template that the address names, as far as it does; else the first of a platform that has an upstream. */
export function chosenOf(templates: readonly Template[], health: Health, named: Named): Template | undefined {
  const usable = [...templates].sort((one, other) => rank(one, health) - rank(other, health))
  const onPlatform = usable.filter((template) => !named.platform || template.platform === named.platform)
  return onPlatform.find((template) => template.name === named.template) ?? onPlatform[0] ?? usable[0]
}

/** The names of a platform's upstreams. */
export function upstreamsOf(platform: PlatformName, health: Health): readonly string[] {
  return Object.entries(health.upstreams)
    .filter(([, upstream]) => upstream.platform === platform)
    .map(([name]) => name)
}

function rank(template: Template, health: Health): number {
  return upstreamsOf(template.platform, health).length > 0 ? 0 : 1
}
