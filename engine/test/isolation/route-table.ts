/**
 * How every route is called to see whether it tells or does what it must not: one line per route, requests generated per caller. A route that
 * the door declares and this table does not know fails the suite.
 */
import type { CallerView, Step } from './caller-view.ts'
import { bulkCalls, createCalls, deleteCalls, restoreCalls, revealCalls, updateCalls } from './calls-changing.ts'
import { formCalls, modelCalls, openApiCalls, typesCalls } from './calls-describing.ts'
import { outerCalls, rightsCalls, studioCalls, userCalls } from './calls-managing.ts'
import { movingCalls } from './calls-moving.ts'
import { aggregateCalls, historyCalls, listCalls, oneCalls, queryCalls, searchAllCalls } from './calls-reading.ts'

/** Requests of one caller to one route. */
export type RouteCalls = (view: CallerView) => Step[]

/** Routes that only read records and the model: what a caller's view of the world is made of. */
export const READING_ROUTES: Readonly<Record<string, RouteCalls>> = {
  'GET /api/model': modelCalls,
  'GET /api/model/:entity/form': formCalls,
  'GET /api/openapi.json': openApiCalls,
  'GET /api/types.ts': typesCalls,
  'GET /api/records/:entity': listCalls,
  'GET /api/records/:entity/:id': oneCalls,
  'POST /api/records/:entity/query': queryCalls,
  'POST /api/records/:entity/aggregate': aggregateCalls,
  'GET /api/records/:entity/:id/history': historyCalls,
  'GET /api/search': searchAllCalls,
}

/** Routes that change records, in an order in which one script can go through them. */
export const CHANGING_ROUTES: Readonly<Record<string, RouteCalls>> = {
  'PATCH /api/records/:entity/:id': updateCalls,
  'POST /api/records/:entity': createCalls,
  'POST /api/records/:entity/bulk': bulkCalls,
  'DELETE /api/records/:entity/:id': deleteCalls,
  'POST /api/records/:entity/:id/restore': restoreCalls,
  'POST /api/records/:entity/:id/reveal': revealCalls,
}

/** All others; what they are asked here has to leave the world as it is. */
export const OTHER_ROUTES: Readonly<Record<string, RouteCalls>> = {
  ...outerCalls,
  ...userCalls,
  ...rightsCalls,
  ...studioCalls,
  ...movingCalls,
}

export const ROUTE_TABLE: Readonly<Record<string, RouteCalls>> = { ...READING_ROUTES, ...CHANGING_ROUTES, ...OTHER_ROUTES }
