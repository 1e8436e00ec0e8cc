/** What the explorer's tabs hold when it is opened for the first time. */
export const examples = [
  {
    query: `# Welcome to Selfsame. One question, six subgraphs: who stands behind this address?
# Run it with Ctrl-Enter. The documentation (top left) explains every type and field.

query Profile($by: PersonBy!) {
  person(by: $by) {
    id
    redirectedFrom
    identifiers(first: 20) { nodes { namespace value confidence band } }
    traits { name value source { name } observedAt }
    timeline(first: 10) { nodes { type name occurredAt source { name } } }
    audiences(first: 10) { nodes { audience { name } enteredAt } }
    deliveries(first: 10) { nodes { id destination { name } status } }
  }
}
`,
    variables: `{
  "by": { "identifier": { "namespace": "email", "value": "ana@example.com" } }
}`,
  },
  {
    query: `# Stays open and shows each change as it happens. Every message carries a cursor:
# give the last one as "after" and you miss nothing. "0" replays what is kept.

subscription ProfileChanged($after: Cursor) {
  profileChanged(after: $after) {
    cursor
    occurredAt
    kinds
    changedTraits
    person { id traits { name value } }
  }
}
`,
    variables: `{ "after": null }`,
  },
  {
    query: `# A source of events. Its write key is shown once: hand it to any Segment SDK.

mutation CreateSource($input: CreateSourceInput!) {
  createSource(input: $input) {
    source { name title kind createdAt }
    writeKey
    problems { code message path }
  }
}
`,
    variables: `{ "input": { "name": "web", "title": "Web site", "kind": "WEBSITE" } }`,
  },
  {
    query: `# A key for a program, with no more than it needs. Its secret is shown once.

mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    apiKey { id name prefix scopes createdAt }
    secret
    problems { code message path }
  }
}
`,
    variables: `{ "input": { "name": "crm-extension", "scopes": ["profiles:read", "pii:read"] } }`,
  },
];
