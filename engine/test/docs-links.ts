/** Reads what pages point to: relative links with their anchors, and the files of the checkout that they name. Follows nothing outside of it. */
import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { root } from './source-files.ts'

/** What a page points to that is not there, in words; nothing when all of it is. */
export function findDeadLinks(path: string): string[] {
  const text = withoutBlocks(readFileSync(join(root, path), 'utf8'))
  return [...deadLinks(path, text), ...deadNames(path, text)]
}

function deadLinks(path: string, text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(found => found[1] ?? '').filter(target => !/^[a-z]+:/.test(target))
  return targets.flatMap(target => {
    const [file = '', anchor] = target.split('#')
    const place = file === '' ? path : posix.join(posix.dirname(path), file)
    if (!existsSync(join(root, place))) return [`${path}: ${target} is not there`]
    if (anchor === undefined || anchorsOf(place).has(anchor)) return []
    return [`${path}: ${target} has no such heading`]
  })
}

/** Names in backticks that look like a file of the checkout; words in angle brackets, braces and stars stand for any. */
function deadNames(path: string, text: string): string[] {
  const names = [...text.matchAll(/`((?:engine|metadata|seeds|runtime-ui|studio|docs)\/[\w./-]+\.\w+)`/g)].map(found => found[1] ?? '')
  return names.filter(name => !existsSync(join(root, name))).map(name => `${path}: ${name} is not there`)
}

/** Headings as GitHub names them. */
function anchorsOf(path: string): Set<string> {
  const headings = [...withoutBlocks(readFileSync(join(root, path), 'utf8')).matchAll(/^#{1,6} (.+)$/gm)].map(found => found[1] ?? '')
  return new Set(
    headings.map(heading =>
      heading
        .toLowerCase()
        .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

function withoutBlocks(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '')
}
