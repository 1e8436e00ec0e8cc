import type { IncomingMessage } from "node:http";

const hostPattern = /^[A-Za-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-fA-F:]+\](:\d{1,5})?$/;

/**
 * What the browser's SDK asks its CDN for before it sends anything, so that
 * `AnalyticsBrowser.load({ writeKey, cdnURL: "https://our.host" })` works unmodified: no destinations in
 * the browser, events to the host that was asked.
 */
export function projectSettings(writeKey: string, request: IncomingMessage): object {
  const host = request.headers.host ?? "";
  const isSecure =
    request.headers["x-forwarded-proto"] === "https" || "encrypted" in request.socket;
  const here = hostPattern.test(host)
    ? { apiHost: `${host}/v1`, protocol: isSecure ? "https" : "http" }
    : {};
  return {
    integrations: {
      "Segment.io": {
        apiKey: writeKey,
        ...here,
        unbundledIntegrations: [],
        addBundledMetadata: false,
      },
    },
    plan: {
      track: { __default: { enabled: true, integrations: {} } },
      identify: { __default: { enabled: true } },
      group: { __default: { enabled: true } },
    },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
    autoInstrumentationSettings: { sampleRate: 0 },
  };
}
