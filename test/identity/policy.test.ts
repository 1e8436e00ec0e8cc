import { IdentityWorld } from "./identity-world.ts";
import { policyStories } from "./policy-stories.ts";

policyStories("the identity policy", () => IdentityWorld.start());
