import { runSubgraph } from "../../kernel/module/run-subgraph.ts";
import { activationModule } from "./module.ts";

await runSubgraph(activationModule);
