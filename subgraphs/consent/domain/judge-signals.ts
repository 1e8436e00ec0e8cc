import type { ConsentFacts } from "./consent-facts.ts";
import type { ConsentRequest } from "./consent-request.ts";
import type { ReasonCode } from "./reason.ts";

/** What privacy signals have against handing data to a third party. A processor is not one. */
export function judgeSignals(facts: ConsentFacts, request: ConsentRequest): ReasonCode[] {
  if (request.destination.role !== "THIRD_PARTY") return [];
  const against: ReasonCode[] = [];
  for (const signal of facts.signals) {
    if (signal.kind === "GPC" && signal.isOn) against.push("GPC_OPT_OUT");
    if (signal.kind === "GPP" && signal.saleOptOut) against.push("GPP_OPT_OUT");
    const vendor = request.destination.tcfVendor;
    if (signal.kind !== "TCF" || vendor === null) continue;
    if (!signal.vendors.includes(vendor)) against.push("TCF_VENDOR_NOT_CONSENTED");
    else if (!isDisclosed(signal, vendor)) against.push("TCF_VENDOR_NOT_DISCLOSED");
  }
  return against;
}

/** From policy version 5 (TCF 2.3) on a string without the disclosed vendors discloses none. */
function isDisclosed(
  signal: { policyVersion: number; disclosedVendors: readonly number[] | null },
  vendor: number,
): boolean {
  if (signal.disclosedVendors === null) return signal.policyVersion < 5;
  return signal.disclosedVendors.includes(vendor);
}
