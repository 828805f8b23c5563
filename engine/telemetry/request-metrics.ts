/**
 * Counts requests and how long they took, in memory: what each answer costs this process is some microseconds.
 * Labels are of closed sets alone: declared routes, methods, statuses, stations, codes of our own catalogue.
 */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { STATIONS } from '../kernel/context.ts'
import { BusiestTenants } from './busiest-tenants.ts'
import type { Metrics } from './types.ts'

// Seconds; from what a look-up in memory takes to where a client has given up.
const REQUEST_SECONDS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const STATION_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5]

/** Counts into a registry. */
export function countRequests(registry: Registry): Omit<Metrics, 'scrape'> {
  const registers = [registry]
  const busiest = new BusiestTenants()
  const requests = new Histogram({
    name: 'nexus_http_request_duration_seconds',
    help: 'Requests by declared route, method and status, and how long they took.',
    labelNames: ['route', 'method', 'status'],
    buckets: REQUEST_SECONDS,
    registers,
  })
  const stations = new Histogram({
    name: 'nexus_http_station_duration_seconds',
    help: 'How long the stations of the road took, of the requests that came to them.',
    labelNames: ['station'],
    buckets: STATION_SECONDS,
    registers,
  })
  const running = new Gauge({ name: 'nexus_http_requests_in_flight', help: 'Requests that wait for their answer.', registers })
  const refusals = new Counter({
    name: 'nexus_http_refusals_total',
    help: 'Problems that were answered, by code: guard, rights, validation, faults.',
    labelNames: ['code'],
    registers,
  })
  new Gauge({
    name: 'nexus_tenant_requests',
    help: 'Requests of the busiest tenants in the last whole minute.',
    labelNames: ['tenant_id'],
    registers,
    collect() {
      this.reset()
      for (const { tenantId, requests: count } of busiest.list()) this.set({ tenant_id: tenantId }, count)
    },
  })
  new Gauge({
    name: 'nexus_tenant_seconds',
    help: 'Seconds that requests of the busiest tenants took in the last whole minute.',
    labelNames: ['tenant_id'],
    registers,
    collect() {
      this.reset()
      for (const { tenantId, seconds } of busiest.list()) this.set({ tenant_id: tenantId }, seconds)
    },
  })
  new Gauge({
    name: 'nexus_tenants_active',
    help: 'Tenants that asked for something in the last whole minute.',
    registers,
    collect() {
      this.set(busiest.active())
    },
  })
  return {
    begin: () => running.inc(),
    end({ route, method, status, ms, stations: times, tenantId, refusal }) {
      running.dec()
      requests.observe({ route, method, status }, ms / 1000)
      for (const station of STATIONS) {
        const spent = times[station]
        if (spent !== undefined) stations.observe({ station }, spent / 1000)
      }
      if (refusal !== null) refusals.inc({ code: refusal })
      if (tenantId !== null) busiest.add(tenantId, ms)
    },
    refuse: code => refusals.inc({ code }),
  }
}
