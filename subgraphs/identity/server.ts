import { runSubgraph } from "../../kernel/module/run-subgraph.ts";
import { identityModule } from "./module.ts";

await runSubgraph(identityModule);
