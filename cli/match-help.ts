import { COLUMN_ROLES } from "../subgraphs/identity/domain/matching/schema/column-role.ts";

export const MATCH_HELP = `selfsame match FILE [FILE …] --id COLUMN --output FOLDER

Finds which records are of the same person. Files: CSV (comma, semicolon, tab), JSON Lines, Parquet; .gz is fine.
A CSV whose first line is a record already has columns "column 1", "column 2" and so on.
One file is searched for duplicates. Several files, or --source, are linked: records of different sources are
compared, records of one source are not.

  --id COLUMN            the column with the record's id; without it the row number is the id
  --output, -o FOLDER    receives clusters.csv, pairs.csv, model.json, report.html; nothing is written on an error
  --column role=COLUMN   corrects what a column was taken for, for example --column surname=FAMILY_NAME
  --ignore COLUMN        leaves a column out (repeat it, or separate by commas)
  --source COLUMN        the column that names the source of each record
  --deduplicate          with several sources: look for duplicates inside each source as well
  --one-to-one           no source holds a person twice: a cluster takes one record of each
  --truth COLUMN         the true person, never used to match: prints precision, recall, F1 and B3
  --model FILE           uses a model.json of an earlier run in place of learning one
  --explain ID1 ID2      tells what speaks for and against two records being one person
  --threshold NUMBER     groups join while the average odds between their records lie above this probability (0.2);
                         a file that tells too little is joined by a higher bar, which is then said
  --seed NUMBER          for the sampling while learning (1); the same input and seed give the same bytes
  --help, -h             this text

Roles: ${COLUMN_ROLES.join(", ")}.
Where the same id stands in several files, ids are written as file:id.
Exit code 0: done; 2: the input or the command cannot be used, with the place; 1: our mistake.
`;
