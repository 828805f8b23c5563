/** What the how-to pages tell a reader to send works as they say. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Client, startWorkspace } from '../harness/workspace.ts'
import { root } from '../source-files.ts'

/** The requests of a page: method, path and body of every `http` block. */
function requestsOf(page: string): { method: 'GET' | 'POST' | 'PUT'; path: string; body: unknown }[] {
  const text = readFileSync(join(root, 'docs/how-to', page), 'utf8')
  return [...text.matchAll(/```http\n(GET|POST|PUT) (\S+)\n(?:\n([\s\S]*?))?```/g)].map(([, method, path = '', body]) => ({
    method: method === 'PUT' ? 'PUT' : method === 'POST' ? 'POST' : 'GET',
    path,
    body: body === undefined ? undefined : JSON.parse(body),
  }))
}

async function play(client: Client, page: string): Promise<unknown[]> {
  const answers: unknown[] = []
  for (const { method, path, body } of requestsOf(page).filter(each => !each.path.startsWith('/api/auth/'))) {
    const answer = await client<{ problems?: object[] } | object[]>(method, path, body)
    expect([path, answer.status < 300, answer.status < 300 ? null : answer.problem]).toEqual([path, true, null])
    if (answer.data !== undefined && 'problems' in answer.data) expect([path, answer.data.problems]).toEqual([path, []])
    answers.push(answer.data)
  }
  return answers
}

test('an entity is added by API as the page says', async () => {
  const workspace = await startWorkspace()
  await workspace.createTenant('fleet')
  const answers = await play(await workspace.signIn('fleet', 'admin@fleet.test'), 'add-an-entity.md')
  expect(answers.at(-1)).toMatchObject([{ name: 'Transporter 1', plate: 'B-NX 100', state: 'free', price: '24900.00' }])
})
