/** The door: HTTP in front of the rooms. */
export type { Build, Engine, ModelTaker } from './engine.ts'
export { routes } from './inventory.ts'
export type { Answer, DoorRequest, Method, Route, RouteAccess } from './route.ts'
export { createServer, type ServerOptions } from './server.ts'
