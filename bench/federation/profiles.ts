/** What a CRM extension asks: one operation, six subgraphs. */
export const profileQuery = `query Profile($by: PersonBy!) {
  person(by: $by) {
    id createdAt redirectedFrom
    identifiers(first: 50) {
      nodes { namespace value kind confidence band firstSeenAt lastSeenAt sources { name } } totalCount
    }
    traits { name value source { name } observedAt }
    devices(first: 20) { nodes { device { id namespace value } from until confidence } }
    accounts(first: 20) { nodes { account { id name } role confidence source { name } } }
    timeline(first: 20) {
      nodes { messageId type name source { name } occurredAt receivedAt properties }
      pageInfo { hasNextPage endCursor }
    }
    consentDecisions { purpose channel outcome reasons { code message } }
    audiences(first: 50) { nodes { audience { name title } version enteredAt } totalCount }
    assignments { experiment { name } variation assignedAt exposedAt }
    deliveries(first: 20) { nodes { id destination { name } status createdAt } }
  }
}`;

/** The events of one person: a visitor who becomes known, shops, and belongs to a company. */
export function storyOf(person: number): object[] {
  const anonymousId = `a${person}`;
  const userId = `u${person}`;
  const traits = { email: `p${person}@example.org`, first_name: `Given${person}`, plan: "gold" };
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 8, minute)).toISOString();
  const visits = Array.from({ length: 6 }, (_, visit) => ({
    type: "track",
    event: "Product Viewed",
    messageId: `m${person}-${visit}`,
    anonymousId,
    timestamp: at(visit),
    properties: { product: visit, price: 10 * visit },
  }));
  return [
    ...visits,
    { type: "identify", messageId: `i${person}`, anonymousId, userId, traits, timestamp: at(10) },
    {
      type: "group",
      messageId: `g${person}`,
      userId,
      groupId: `company${person % 50}`,
      traits: { name: `Company ${person % 50}`, role: "buyer" },
      timestamp: at(11),
    },
  ];
}
