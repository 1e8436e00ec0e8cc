/** Every bound of ingestion, by name. Bytes are UTF-8 bytes of compact JSON. */
export const limits = {
  eventBytesMax: 32 * 1024,
  batchBytesMax: 500 * 1024,
  batchEventsMax: 2_500,
  /** Bytes of the context of a batch times its events. */
  inheritedBytesMax: 8 * 1024 * 1024,
  /** Nesting of one event; deeper is nobody's data and overflows stacks downstream. */
  eventDepthMax: 64,
  messageIdCharactersMax: 255,
  identifiersMax: 64,
  eventNameCharactersMax: 255,
  writeKeyCharactersMax: 128,
  sourceNameCharactersMax: 64,
  sourceTitleCharactersMax: 200,
  sourcesMax: 1_000,
  writeKeysPerSourceMax: 5,
  schemaBytesMax: 64 * 1024,
  schemaDepthMax: 20,
  contractsMax: 5_000,
  violationsPerEventMax: 50,
  replayEventsMax: 1_000,
  reasonCharactersMax: 500,
} as const;
