/** The write key in `Authorization: Basic base64(key:)`; null when there is none. */
export function keyOfHeader(authorization: string | undefined): string | null {
  const encoded = /^Basic\s+([A-Za-z0-9+/_=-]+)\s*$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return null;
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const key = decoded.split(":", 1)[0]!;
  return key === "" ? null : key;
}

/** The write key in the body, where browsers put it. */
export function keyOfBody(body: unknown): string | null {
  if (typeof body !== "object" || body === null) return null;
  const { writeKey } = body as { writeKey?: unknown };
  return typeof writeKey === "string" && writeKey !== "" ? writeKey : null;
}
