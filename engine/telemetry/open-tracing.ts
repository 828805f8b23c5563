/**
 * Sends traces to an OpenTelemetry collector (OTLP over HTTP). Loaded only where an endpoint is set: the libraries take a second and 26 MB.
 * Spans wait in a bounded queue and go out in the background; a collector that is away costs requests nothing.
 */
import {
  createContextKey,
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  type Span as OtelSpan,
  SpanKind,
  SpanStatusCode,
  trace as traces,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  type IdGenerator,
  ParentBasedSampler,
  RandomIdGenerator,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../kernel/log.ts'
import type { Span, SpanAttributes } from '../kernel/spans.ts'
import { TokenBuckets } from '../kernel/token-bucket.ts'
import type { Trace } from '../kernel/trace.ts'
import { type KeptSpan, tellSteps } from './told-steps.ts'
import type { Tracing } from './types.ts'

export interface TracingOptions {
  /** Of the collector, without `/v1/traces`. */
  readonly endpoint: string
  /** The share of traces that is sent. */
  readonly ratio: number
  readonly role: string
  readonly build: { readonly version: string; readonly commit: string }
  readonly log: Log
}

// The library would try again for ten seconds; a process that ends has better things to wait for.
const CLOSE_WITHIN_MS = 2_000
/** Set where it is decided already that a trace is sent: what it goes on with is. */
const IS_SENT = createContextKey('sent')
const SENT = ROOT_CONTEXT.setValue(IS_SENT, true)

/** Opens the way to the collector; connects when there is something to send. */
export function openTracing({ endpoint, ratio, role, build, log }: TracingOptions): Tracing {
  const ids = new ChosenIds()
  const byRatio = new TraceIdRatioBasedSampler(ratio)
  const root: Sampler = {
    shouldSample: (context, traceId) =>
      context.getValue(IS_SENT) === true ? { decision: SamplingDecision.RECORD_AND_SAMPLED } : byRatio.shouldSample(context, traceId),
    toString: () => byRatio.toString(),
  }
  const provider = new TracerProvider({
    idGenerator: ids,
    // Whoever sends a traceparent may spare us a trace, not make us send more than our share.
    sampler: new ParentBasedSampler({ root, remoteParentSampled: byRatio }),
    resource: resourceFromAttributes({
      'service.name': 'nexus',
      'service.namespace': role,
      'service.version': build.version,
      'vcs.ref.head.revision': build.commit,
    }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }) })],
  })
  tellTroubles(log)
  const tracer = provider.getTracer('nexus', build.version)
  return {
    begin: trace => beginRequest(tracer, ids, trace),
    steps: tellSteps({
      collects: traceId => byRatio.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED,
      tell(step, causes) {
        const links = causes.map(cause => ({ context: { ...cause, traceFlags: TraceFlags.SAMPLED, isRemote: true } }))
        tellKept(tracer, step, tracer.startSpan(step.name, { startTime: step.began, links }, causes.length > 0 ? SENT : ROOT_CONTEXT))
      },
    }),
    close: async () => {
      const isSent = provider.shutdown().then(
        () => true,
        () => false,
      )
      if (!(await Promise.race([isSent, sleep(CLOSE_WITHIN_MS, false, { ref: false })])))
        log.warn('The last traces could not be sent to the collector')
      diag.disable()
    },
  }
}

/** The library's troubles become a line a minute, without its words. */
function tellTroubles(log: Log): void {
  const pace = new TokenBuckets({ perSecond: 1 / 60, burst: 1 })
  const tell = (): void => {
    if (pace.take('') === 0) log.warn('Traces could not be sent to the collector')
  }
  const silent = (): void => undefined
  diag.setLogger(
    { error: tell, warn: tell, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
}

function beginRequest(tracer: Tracer, ids: ChosenIds, { traceId, traceparent, parentId }: Trace): Span | null {
  const [, , spanId = '', flags = ''] = traceparent.split('-')
  const parent =
    parentId === null
      ? ROOT_CONTEXT
      : traces.setSpanContext(ROOT_CONTEXT, { traceId, spanId: parentId, traceFlags: Number.parseInt(flags, 16), isRemote: true })
  const span = ids.choose({ traceId, spanId }, () => tracer.startSpan('request', { kind: SpanKind.SERVER }, parent))
  return span.isRecording() ? spanOf(tracer, span) : null
}

/** Sends what is over as it was, with all that lay within. */
function tellKept(tracer: Tracer, { attributes, children, failure, ended }: KeptSpan, span: OtelSpan): void {
  span.setAttributes({ ...attributes })
  if (span.isRecording())
    for (const child of children) tellKept(tracer, child, startWithin(tracer, span, child.name, child.attributes, child.began))
  if (failure !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: failure })
  span.end(ended)
}

function startWithin(tracer: Tracer, span: OtelSpan, name: string, attributes: SpanAttributes, startTime?: number): OtelSpan {
  const kind = 'db.system.name' in attributes ? SpanKind.CLIENT : SpanKind.INTERNAL
  const times = startTime === undefined ? {} : { startTime }
  return tracer.startSpan(name, { kind, attributes: { ...attributes }, ...times }, traces.setSpan(ROOT_CONTEXT, span))
}

function spanOf(tracer: Tracer, span: OtelSpan): Span {
  return {
    child: (name, attributes: SpanAttributes = {}) => spanOf(tracer, startWithin(tracer, span, name, attributes)),
    rename: name => void span.updateName(name),
    set: attributes => void span.setAttributes({ ...attributes }),
    end: failure => {
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure })
      span.end()
    },
  }
}

/** Events, answers and logs name the ids that the door has chosen: the first span of a request bears them and no others. */
class ChosenIds implements IdGenerator {
  readonly #random = new RandomIdGenerator()
  #chosen: { readonly traceId: string; readonly spanId: string } | null = null

  choose<T>(ids: { readonly traceId: string; readonly spanId: string }, start: () => T): T {
    this.#chosen = ids
    try {
      return start()
    } finally {
      this.#chosen = null
    }
  }

  generateTraceId = (): string => this.#chosen?.traceId ?? this.#random.generateTraceId()
  generateSpanId = (): string => this.#chosen?.spanId ?? this.#random.generateSpanId()
}
