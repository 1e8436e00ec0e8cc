/** Which policy is in force. Each activation counts one up: a rollback is a later one too. */
export interface PolicyStanding {
  version: number;
  activation: number;
}

/**
 * Whom a store tells, before each unit of work reads anything, which policy is in force in it: so
 * a unit is never worked under two policies, whatever other processes activate meanwhile.
 */
export interface PolicyFollower {
  /** `readBody` gives the document of a version, inside the unit of work. */
  follow(
    standing: PolicyStanding,
    readBody: (version: number) => Promise<string | null>,
  ): Promise<void>;
}

/** For a store whose policy never changes. */
export const nobodyFollows: PolicyFollower = {
  follow: () => Promise.resolve(),
};
