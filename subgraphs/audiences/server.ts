import { runSubgraph } from "../../kernel/module/run-subgraph.ts";
import { audiencesModule } from "./module.ts";

await runSubgraph(audiencesModule);
