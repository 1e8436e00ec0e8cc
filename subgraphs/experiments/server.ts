import { runSubgraph } from "../../kernel/module/run-subgraph.ts";
import { experimentsModule } from "./module.ts";

await runSubgraph(experimentsModule);
