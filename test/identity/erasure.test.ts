import { ErasureWorld } from "./erasure-world.ts";
import { erasureStories } from "./erasure-stories.ts";

erasureStories(() => ErasureWorld.start());
