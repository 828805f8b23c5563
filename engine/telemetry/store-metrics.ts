/**
 * Metrics that are read when somebody scrapes: pools, Redis and models from memory, background work from the database.
 * What could not be read is left out rather than shown as it was.
 */
import { Counter, Gauge, type Registry } from 'prom-client'
import { createStoreQuestions, type StoreState } from './store-questions.ts'
import type { Probes } from './types.ts'

/** Registers them; `read` fills them in and comes before the registry is printed. */
export function watchStores(registry: Registry, { database, models, redis, build, role }: Probes): { read(): Promise<void> } {
  const registers = [registry]
  const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]): Gauge<T> =>
    new Gauge({ name, help, labelNames, registers })
  const questions = createStoreQuestions(database)
  const asked = new Set<Gauge>()
  const stored = <T extends string>(name: string, help: string, ...labelNames: T[]): Gauge<T> => {
    const made = gauge(name, help, ...labelNames)
    asked.add(made)
    return made
  }

  gauge('nexus_build_info', 'Always 1; version, commit and role of this process.', 'version', 'commit', 'role').set({ ...build, role }, 1)
  const up = gauge('nexus_postgres_up', '1 when the database answered the questions of this scrape, else 0.')
  const connections = gauge('nexus_postgres_pool_connections', 'Connections of each pool, in use and idle.', 'pool', 'state')
  const limit = gauge('nexus_postgres_pool_limit', 'The most connections of each pool.', 'pool')
  const waiting = gauge('nexus_postgres_pool_waiting', 'Requests that wait for a connection of each pool.', 'pool')
  if (redis !== null) {
    new Gauge({
      name: 'nexus_redis_up',
      help: '1 while Redis can be reached, else 0.',
      registers,
      collect() {
        this.set(redis() ? 1 : 0)
      },
    })
  }
  const kept = gauge('nexus_models_kept', 'Tenants whose model this process holds, and different models among them.', 'what')
  const loads = new Counter({ name: 'nexus_model_loads_total', help: 'How often a revision was read and put together.', registers })

  const outbox = stored('nexus_outbox_waiting_events', 'Events that are committed and wait for their place, counted up to 100,000.')
  const outboxAge = stored('nexus_outbox_oldest_seconds', 'How long the first of them has waited.')
  const behindTenants = stored('nexus_delivery_behind_tenants', 'Tenants whose events have not all been taken to Redis.')
  const behindEvents = stored('nexus_delivery_behind_events', 'Events that have their place and have not been taken to Redis.')
  const unsealed = stored('nexus_audit_unsealed_rows', 'Audit rows that are not sealed yet, counted up to 100,000.')
  const unsealedAge = stored('nexus_audit_oldest_unsealed_seconds', 'How long the first of them has waited.')
  const jobs = stored('nexus_jobs', 'Jobs that are queued, put off or running, and those that failed within a day.', 'kind', 'status')
  const jobAge = stored('nexus_jobs_oldest_seconds', 'Age of the first of them.', 'kind', 'status')
  const stalled = stored('nexus_jobs_stalled', 'Open jobs that nobody has taken up for two minutes after their time.')
  const tenants = stored('nexus_tenants', 'Tenants by status.', 'status')

  function show(state: StoreState): void {
    outbox.set(state.outbox.waiting)
    outboxAge.set(state.outbox.oldestSeconds)
    // Without Redis nothing is taken there, and nobody is behind.
    if (redis !== null) {
      behindTenants.set(state.delivery.tenants)
      behindEvents.set(state.delivery.events)
    }
    unsealed.set(state.audit.waiting)
    unsealedAge.set(state.audit.oldestSeconds)
    for (const { kind, status, count, oldestSeconds } of state.jobs) {
      jobs.set({ kind, status }, count)
      jobAge.set({ kind, status }, oldestSeconds)
    }
    stalled.set(state.stalledJobs)
    for (const { status, count } of state.tenants) tenants.set({ status }, count)
  }

  return {
    async read() {
      const state = await questions.ask()
      up.set(state === null ? 0 : 1)
      for (const each of asked) {
        each.reset()
        // A gauge without labels begins anew as 0, which would be a claim.
        each.remove({})
      }
      if (state !== null) show(state)
      for (const pool of database.pools()) {
        connections.set({ pool: pool.name, state: 'in_use' }, pool.open - pool.idle)
        connections.set({ pool: pool.name, state: 'idle' }, pool.idle)
        limit.set({ pool: pool.name }, pool.limit)
        waiting.set({ pool: pool.name }, pool.waiting)
      }
      const held = models()
      kept.set({ what: 'tenants' }, held.tenants)
      kept.set({ what: 'models' }, held.compiled)
      loads.reset()
      loads.inc(held.loaded)
    },
  }
}
