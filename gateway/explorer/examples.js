/**
 * What the explorer's tabs hold when it is opened for the first time: run from left to right, each shows what the
 * ones before it made. Lines are short, because the editor does not wrap them.
 */
export const examples = [
  {
    query: `# Welcome to Selfsame. Run this with Ctrl-Enter,
# then go through the tabs from left to right.
# The documentation (top left) explains each field.

query Welcome {
  persons(first: 5) {
    nodes {
      id
      traits { name value }
    }
  }
  sources(first: 5) {
    nodes { name title kind }
  }
  audiences(first: 5) {
    nodes { name title memberCount }
  }
}
`,
    variables: "",
  },
  {
    query: `# A source of events. Its write key is shown
# once: hand it to any Segment SDK.

mutation CreateSource($input: CreateSourceInput!) {
  createSource(input: $input) {
    source { name title kind createdAt }
    writeKey
    problems { code message path }
  }
}
`,
    variables: `{
  "input": {
    "name": "web",
    "title": "Web site",
    "kind": "WEBSITE"
  }
}`,
  },
  {
    query: `# Somebody looks around, then says who she is.
# An SDK sends the same to /v1/track and
# /v1/identify.

mutation IngestEvents($input: IngestEventsInput!) {
  ingestEvents(input: $input) {
    accepted
    duplicates
    rejected {
      index
      problems { code message path }
    }
    problems { code message path }
  }
}
`,
    variables: `{
  "input": {
    "source": "web",
    "events": [
      {
        "type": "TRACK",
        "event": "product_viewed",
        "messageId": "explorer-1",
        "anonymousId": "a-1"
      },
      {
        "type": "IDENTIFY",
        "messageId": "explorer-2",
        "anonymousId": "a-1",
        "userId": "u-1",
        "traits": {
          "email": "ana@example.com",
          "first_name": "Ana"
        }
      }
    ]
  }
}`,
  },
  {
    query: `# Who stands behind this address?
# One question, six subgraphs.

query Profile($by: PersonBy!) {
  person(by: $by) {
    id
    identifiers(first: 20) {
      nodes { namespace value confidence band }
    }
    traits { name value observedAt }
    timeline(first: 10) {
      nodes { type name occurredAt }
    }
    audiences(first: 10) {
      nodes { audience { name } enteredAt }
    }
    deliveries(first: 10) {
      nodes { destination { name } status }
    }
  }
}
`,
    variables: `{
  "by": {
    "identifier": {
      "namespace": "email",
      "value": "Ana@Example.com"
    }
  }
}`,
  },
  {
    query: `# Stays open and shows each change as it comes.
# "0" begins with what is kept, null with now.
# Give the last cursor you saw as "after", and you
# miss nothing.

subscription ProfileChanged($after: Cursor) {
  profileChanged(after: $after) {
    cursor
    occurredAt
    kinds
    changedTraits
    person {
      id
      traits { name value }
    }
  }
}
`,
    variables: `{ "after": "0" }`,
  },
  {
    query: `# A key for a program, with no more rights than
# it needs. Its secret is shown once.

mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    apiKey { id name prefix scopes createdAt }
    secret
    problems { code message path }
  }
}
`,
    variables: `{
  "input": {
    "name": "crm-extension",
    "scopes": ["profiles:read", "pii:read"]
  }
}`,
  },
];
