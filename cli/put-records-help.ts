import { recordKinds } from "../subgraphs/identity/domain/records/source-record.ts";

export const PUT_RECORDS_HELP = `selfsame put-records FILE [FILE …] --source NAME --kind KIND --id COLUMN

Sends the records of files to a platform that runs, as a source's own entries about people; they are matched as they
come. Files: CSV (comma, semicolon, tab), JSON Lines, Parquet; .gz is fine. All files are read and checked before
anything is sent. A record that is sent again changes nothing, so a run that broke off is simply repeated.

  --source NAME              the source they are entries of
  --kind KIND                what a person is to the source: ${recordKinds.slice(0, 6).join(", ")},
                             ${recordKinds.slice(6).join(", ")}
  --id COLUMN                the source's own id of each record
  --identifier NAME=COLUMN   a column that ties the record to a person for certain, by namespace of the identity
                             policy (repeat it), for example --identifier crm_contact_id=ContactId
  --observed-at COLUMN       when the source had the record like this (ISO 8601); without it: now
  --ignore COLUMN            leaves a column out (repeat it, or separate by commas)
  --rejected FILE            receives what was refused, a JSON line each with its reasons; without it the first
                             are printed
  --check                    reads and checks the files, and sends nothing
  --url URL                  where the platform listens (SELFSAME_URL, http://127.0.0.1:4000)
  --key KEY                  an API key with identity:write; better in the variable SELFSAME_KEY, which ps does not show
  --help, -h                 this text

All other columns are sent under their names as what the record says of the person (family_name, Nachname, born …).
Exit code 0: all were taken in; 2: some were refused, or input, command or platform cannot be used; 1: our mistake.
`;
