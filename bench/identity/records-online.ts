/**
 * Online against bulk: records through putRecords, in two orders, against `selfsame match` over the same file; CPU a
 * record. Run: node bench/identity/records-online.ts [people.csv[.gz] --truth COLUMN --id COLUMN --limit N]
 */
