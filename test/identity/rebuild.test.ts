import { openReader } from "../../subgraphs/identity/module.ts";
import { IdentityWorld } from "./identity-world.ts";
import { rebuildStories } from "./rebuild-stories.ts";

rebuildStories(
  () => IdentityWorld.start(),
  async ({ platform }) => openReader(platform.database, null),
);
