import { openReader } from "../../subgraphs/identity/module.ts";
import { ErasureWorld } from "./erasure-world.ts";
import { erasureStories } from "./erasure-stories.ts";

erasureStories(
  () => ErasureWorld.start(),
  async ({ platform }) => openReader(platform.database, null),
);
