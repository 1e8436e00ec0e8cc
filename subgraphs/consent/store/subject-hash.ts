import { createHash } from "node:crypto";

/** What is left of an erased identifier: enough to know it again, not to read it. */
export function subjectHash(subjectKey: string): string {
  return createHash("sha256").update(subjectKey).digest("hex");
}
