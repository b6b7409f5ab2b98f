import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Lays a digest of the sources beside the build: a test without node then sees a build that is older than they are. */
export function sourceDigest(): Plugin {
  return {
    name: 'source-digest',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'source.sha256', source: `${digestOf(import.meta.dirname)}\n` })
    },
  }
}

function digestOf(folder: string): string {
  const sources = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.|test-setup/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  const digest = createHash('sha256')
  for (const name of ['index.html', 'package-lock.json', 'vite.config.ts', ...sources].sort()) {
    const content = createHash('sha256').update(readFileSync(join(folder, name)))
    digest.update(`${content.digest('hex')}  ${name}\n`)
  }
  return digest.digest('hex')
}
