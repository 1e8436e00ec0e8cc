import { runSubgraph } from "../../kernel/module/run-subgraph.ts";
import { consentModule } from "./module.ts";

await runSubgraph(consentModule);
