import { runSubgraph } from "../../kernel/module/run-subgraph.ts";
import { eventsModule } from "./module.ts";

await runSubgraph(eventsModule);
