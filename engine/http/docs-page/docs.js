/*
 * The page that tries the API: asks who is there, fetches his description and hands it to Swagger UI. The token lives in this page's memory
 * alone, and is sent to this origin alone. Runs as it is in browsers; a file of its own, because the policy of the page forbids inline scripts.
 */
'use strict'
;(() => {
  const at = id => document.getElementById(id)
  const [door, who, leave, trouble, section] = ['door', 'who', 'leave', 'trouble', 'section'].map(at)
  const sections = section.querySelector('select')
  /** What the caller came with; `ends` where there is a session of this page's own to end. */
  let session = null

  const dark = matchMedia('(prefers-color-scheme: dark)')
  const paint = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
  dark.addEventListener('change', paint)
  paint()

  /** Speaks to the engine without cookies: an app that is open beside this page keeps its own session. */
  async function ask(path, { token, body, method = body === undefined ? 'GET' : 'POST' } = {}) {
    const answer = await fetch(path, {
      method,
      credentials: 'omit',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const told = answer.status === 204 ? undefined : await answer.json()
    if (answer.ok) return told
    throw new Error([told.detail, told.hint].filter(Boolean).join(' '))
  }

  const SCHEMAS = '#/components/schemas/'

  /** The document of one tag. Swagger UI follows every reference to its end: those that lead to other sections, or back, are named only. */
  function cut(spec, tag) {
    const paths = Object.fromEntries(
      Object.entries(spec.paths).flatMap(([path, operations]) => {
        const kept = Object.entries(operations).filter(([, operation]) => operation.tags.includes(tag))
        return kept.length === 0 ? [] : [[path, Object.fromEntries(kept)]]
      }),
    )
    const schemas = {}
    const open = new Set()
    const isElsewhere = name => {
      const owner = name.split('.')[0]
      return owner !== tag && spec.tags.some(each => each.name === owner)
    }
    const copy = value => {
      if (Array.isArray(value)) return value.map(copy)
      if (typeof value !== 'object' || value === null) return value
      const reference = value.$ref
      if (typeof reference === 'string' && reference.startsWith(SCHEMAS)) {
        const name = reference.slice(SCHEMAS.length)
        if (isElsewhere(name) || open.has(name)) return { title: name, type: 'object' }
        if (schemas[name] === undefined) {
          open.add(name)
          schemas[name] = copy(spec.components.schemas[name])
          open.delete(name)
        }
        return value
      }
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copy(member)]))
    }
    return { ...spec, tags: spec.tags.filter(each => each.name === tag), paths: copy(paths), components: { ...copy({ ...spec.components, schemas: undefined }), schemas } }
  }

  function listSections(spec) {
    const isEntity = ({ name }) => spec.components.schemas[name] !== undefined
    for (const [label, tags] of [
      ['Records', spec.tags.filter(isEntity)],
      ['Besides', spec.tags.filter(each => !isEntity(each))],
    ]) {
      const group = document.createElement('optgroup')
      group.label = label
      for (const { name, description } of tags) group.append(new Option(`${description} (${name})`, name))
      sections.append(group)
    }
  }

  function draw(spec, token) {
    const ui = globalThis.SwaggerUIBundle({
      spec: cut(spec, sections.value),
      dom_id: '#api',
      docExpansion: 'list',
      defaultModelsExpandDepth: -1,
      tryItOutEnabled: true,
      validatorUrl: null,
      supportedSubmitMethods: ['get', 'post', 'put', 'patch', 'delete'],
      requestInterceptor: request => Object.assign(request, { credentials: 'omit' }),
      onComplete: () => ui.preauthorizeApiKey('bearer', token),
    })
  }

  async function show(token, ends) {
    const { data: me } = await ask('/api/me', { token })
    const spec = await ask('/api/openapi.json', { token })
    session = { token, ends }
    who.textContent = `${me.user.name ?? me.user.email} · ${me.tenant.name}`
    listSections(spec)
    section.hidden = false
    leave.hidden = false
    door.hidden = true
    const wanted = location.hash.slice(1)
    if (spec.tags.some(each => each.name === wanted)) sections.value = wanted
    sections.addEventListener('change', () => {
      location.hash = sections.value
      draw(spec, token)
    })
    draw(spec, token)
  }

  /** Runs what a form is for; says what went wrong beside it. */
  async function attempt(form, work) {
    const button = form.querySelector('button')
    trouble.hidden = true
    button.disabled = true
    try {
      await work(Object.fromEntries(new FormData(form)))
      form.reset()
    } catch (error) {
      trouble.textContent = error instanceof TypeError ? 'The engine can not be reached.' : error.message
      trouble.hidden = false
    } finally {
      button.disabled = false
    }
  }

  at('sign-in').addEventListener('submit', event => {
    event.preventDefault()
    void attempt(event.currentTarget, async body => {
      const { data } = await ask('/api/auth/login', { body })
      await show(data.access_token, true)
    })
  })
  at('by-token').addEventListener('submit', event => {
    event.preventDefault()
    void attempt(event.currentTarget, ({ token }) => show(token.trim(), false))
  })
  leave.addEventListener('click', async () => {
    leave.disabled = true
    if (session?.ends) await ask('/api/auth/logout', { token: session.token, method: 'POST' }).catch(() => undefined)
    location.reload()
  })
})()
