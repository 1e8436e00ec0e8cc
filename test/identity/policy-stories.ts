import { beforeAll, describe, expect, test } from "@jest/globals";
import { type IdentityWorld, unique } from "./identity-world.ts";
import { PolicyWords } from "./policy-words.ts";

/** What versions of the policy do, whatever the graph is kept in. */
export function policyStories(name: string, start: () => Promise<IdentityWorld>): void {
  describe(name, () => {
    let world: IdentityWorld;
    let policies: PolicyWords;
    beforeAll(async () => {
      world = await start();
      policies = new PolicyWords(world);
    }, 120_000);

    const codes = ({ problems }: { problems: { code: string; path: string[] }[] }) =>
      problems.map(({ code, path }) => `${path.join(".")} ${code}`);

    describe("a proposal", () => {
      test("given documents with mistakes, when they are proposed, then each mistake is a problem with its path", async () => {
        const cases: [unknown, string][] = [
          [{}, "policy POLICY_EMPTY"],
          [[], "policy POLICY_EMPTY"],
          [{ highForm: 1 }, "policy.highForm FIELD_UNKNOWN"],
          [{ highFrom: 2 }, "policy.highFrom VALUE_INVALID"],
          [{ highFrom: 0.5 }, "policy.mediumFrom THRESHOLDS_CROSSED"],
          [{ genericAbove: 0 }, "policy.genericAbove VALUE_INVALID"],
          [{ namespaces: [{ limit: 2 }] }, "policy.namespaces.0.name NAME_MISSING"],
          [
            { namespaces: [{ name: "phone", limit: 0 }] },
            "policy.namespaces.0.limit VALUE_INVALID",
          ],
          [{ namespaces: [{ name: "a:b" }] }, "policy.namespaces.0.name NAME_INVALID"],
          [{ namespaces: [{ name: "record" }] }, "policy.namespaces.0.name NAMESPACE_RESERVED"],
          [
            { namespaces: [{ name: "phone", normaliser: "SOUNDEX" }] },
            "policy.namespaces.0.normaliser NORMALISER_UNKNOWN",
          ],
          [
            { namespaces: [{ name: "user_id", limit: 3 }] },
            "policy.namespaces.0.limit LIMIT_OF_EXCLUSIVE",
          ],
          [
            { namespaces: [{ name: "user_id", limitWithin: "P7D" }] },
            "policy.namespaces.0.limitWithin LIMIT_OF_EXCLUSIVE",
          ],
          [
            { namespaces: [{ name: "anonymous_id", limitWithin: "P7D" }] },
            "policy.namespaces.0.limitWithin LIMIT_MISSING",
          ],
          [
            { namespaces: [{ name: "phone", limit: 2, limitWithin: "P1M" }] },
            "policy.namespaces.0.limitWithin VALUE_INVALID",
          ],
          [
            { namespaces: [{ name: "phone" }, { name: "phone", limit: 2 }] },
            "policy.namespaces.1.name NAMESPACE_TWICE",
          ],
          [{ blockedValues: ["**"] }, "policy.blockedValues.0 BLOCKED_PATTERN_INVALID"],
          [{ phoneRegion: "Portugal" }, "policy.phoneRegion VALUE_INVALID"],
        ];
        for (const [document, expected] of cases) {
          expect(codes(await policies.propose(document))).toEqual([expected]);
        }
        expect(codes(await policies.propose({ highFrom: 0.95 }, 999))).toEqual([
          "base POLICY_UNKNOWN",
        ]);
      });

      test("given a proposal, when its owner approves it, then it is refused; another principal may, and only then it can be activated", async () => {
        const { policy } = await policies.propose({
          namespaces: [{ name: "phone", limit: 7 }],
        });
        expect(policy).toMatchObject({
          state: "PROPOSED",
          owner: "key_owner",
          approvedBy: null,
        });
        const { version } = policy!;
        expect(codes(await policies.activate(version))).toEqual(["version POLICY_STATE"]);
        expect(codes(await policies.approve(version, "key_owner"))).toEqual([
          "version OWN_PROPOSAL",
        ]);
        const approved = await policies.approve(version);
        expect(approved.policy).toMatchObject({
          state: "APPROVED",
          approvedBy: "key_approver",
        });
        expect(codes(await policies.approve(version))).toEqual(["version POLICY_STATE"]);
        const { identityPolicy } = await world.ask<{ identityPolicy: unknown }>(
          `query ($version: Int) {
        identityPolicy(version: $version) {
          base state differences { path before after } namespaces { name limit }
        }
      }`,
          { version },
        );
        expect(identityPolicy).toMatchObject({
          base: 1,
          state: "APPROVED",
          differences: [{ path: "namespaces.phone.limit", before: "10", after: "7" }],
        });
      });
    });

    test("given two people whom a shared address made one, when a policy that blocks it is in force, then they are two, as the simulation said, and the old version makes them one again", async () => {
      const [ana, rui, shared] = [unique("ana"), unique("rui"), `${unique("shop")}@x.org`];
      await world.accept(
        {
          ids: { crm_lead_id: ana, email: shared },
          at: "2026-01-01T00:00:00.000Z",
        },
        {
          ids: { crm_lead_id: rui, email: shared },
          at: "2026-01-02T00:00:00.000Z",
        },
      );
      const one = await world.personOf("crm_lead_id", ana);
      expect(await world.personOf("crm_lead_id", rui)).toBe(one);
      const { policy } = await policies.propose({
        namespaces: [{ name: "email", blockedValues: [shared] }],
      });
      const simulation = await policies.simulate(policy!.version);
      expect(simulation).toMatchObject({ state: "DONE", merges: 0 });
      expect(simulation.personsAfter).toBe(simulation.personsBefore + simulation.splits);
      expect(simulation.splits).toBeGreaterThan(0);
      expect(simulation.examples).toContainEqual(
        expect.objectContaining({
          kind: "SPLIT",
          personIds: [one],
          reason: expect.stringContaining("blocked"),
        }),
      );
      expect(await world.personOf("crm_lead_id", rui)).toBe(one);
      const before = await world.head();
      await policies.approve(policy!.version);
      const run = await policies.bringAbout(policy!.version);
      expect(await policies.run(run)).toMatchObject({
        state: "DONE",
        version: policy!.version,
        splits: simulation.splits,
      });
      const ids = [
        await world.personOf("crm_lead_id", ana),
        await world.personOf("crm_lead_id", rui),
      ];
      expect(new Set(ids).size).toBe(2);
      expect(ids).toContain(one);
      expect(await world.personOf("email", shared)).toBeNull();
      const { changes } = await world.announced(before);
      expect(changes.map(({ kind, cause, actor }) => [kind, cause.rule, actor])).toContainEqual([
        "SPLIT",
        `policy_version_${policy!.version}`,
        "key_approver",
      ]);
      await policies.bringAbout(1);
      expect(await world.personOf("crm_lead_id", ana)).toBe(one);
      expect(await world.personOf("crm_lead_id", rui)).toBe(one);
      expect(await world.personOf("email", shared)).toBe(one);
    });

    test("given a policy with a namespace of one's own, when it is in force, then the namespace joins, and without it what it joined is withdrawn", async () => {
      const [club, first, second] = [unique("club"), unique("d"), unique("d")];
      const { version } = await policies.putInForce({
        namespaces: [{ name: "club_card", exclusive: true, priority: 2 }],
      });
      await world.accept(
        { ids: { club_card: club, anonymous_id: first } },
        { ids: { club_card: club, anonymous_id: second } },
      );
      const person = await world.personOf("club_card", club);
      expect(person).not.toBeNull();
      expect(await world.personOf("anonymous_id", first)).toBe(person);
      expect(await world.personOf("anonymous_id", second)).toBe(person);
      await policies.bringAbout(1);
      expect(await world.personOf("club_card", club)).toBeNull();
      expect(await world.personOf("anonymous_id", first)).not.toBe(
        await world.personOf("anonymous_id", second),
      );
      await policies.bringAbout(version);
      expect(await world.personOf("anonymous_id", first)).toBe(person);
      expect(await world.personOf("anonymous_id", second)).toBe(person);
      await policies.bringAbout(1);
    });

    test("given a value claimed by four, when a policy calls generic what three claim, then its links are withdrawn, and the next event follows the new policy at once", async () => {
      const email = `${unique("desk")}@x.org`;
      const leads = Array.from({ length: 5 }, () => unique("lead"));
      const login = (lead: string) => ({ ids: { crm_lead_id: lead, email } });
      await world.accept(...leads.slice(0, 4).map(login));
      const persons = () => Promise.all(leads.map((lead) => world.personOf("crm_lead_id", lead)));
      expect(new Set((await persons()).slice(0, 4)).size).toBe(1);
      const { policy } = await policies.propose({ genericAbove: 3 });
      await policies.approve(policy!.version);
      await policies.activate(policy!.version);
      await world.accept(login(leads[4]!));
      expect(new Set(await persons()).size).toBe(5);
      const { explainIdentity } = await world.ask<{
        explainIdentity: {
          samePerson: boolean;
          refusals: { constraint: string }[];
        };
      }>(
        `query ($left: IdentifierInput!, $right: IdentifierInput!) {
      explainIdentity(left: $left, right: $right) { samePerson refusals { constraint message } }
    }`,
        {
          left: { namespace: "crm_lead_id", value: leads[0] },
          right: { namespace: "crm_lead_id", value: leads[1] },
        },
      );
      expect(explainIdentity.refusals.map(({ constraint }) => constraint)).toContain(
        "GENERIC_VALUE",
      );
      await policies.bringAbout(1);
      expect(new Set(await persons()).size).toBe(1);
    });
  });
}
