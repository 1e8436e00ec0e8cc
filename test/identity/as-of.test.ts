import { asOfStories } from "./as-of-stories.ts";
import { IdentityWorld } from "./identity-world.ts";

asOfStories(() => IdentityWorld.start());
