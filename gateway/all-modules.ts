import type { SubgraphModule } from "../kernel/module/subgraph-module.ts";
import { activationModule } from "../subgraphs/activation/module.ts";
import { audiencesModule } from "../subgraphs/audiences/module.ts";
import { consentModule } from "../subgraphs/consent/module.ts";
import { eventsModule } from "../subgraphs/events/module.ts";
import { experimentsModule } from "../subgraphs/experiments/module.ts";
import { identityModule } from "../subgraphs/identity/module.ts";

/** The six subgraphs, in the order in which they start. */
export const allModules: readonly SubgraphModule[] = [
  identityModule,
  eventsModule,
  consentModule,
  audiencesModule,
  experimentsModule,
  activationModule,
];
