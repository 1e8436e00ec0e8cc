import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ActivationWorld, type Scene } from "./activation-world.ts";

let world: ActivationWorld;

beforeAll(async () => {
  world = await ActivationWorld.start({ ACTIVATION_RETRY_PAUSES: "PT10S,PT1M" });
}, 120_000);
afterAll(() => world.stop());

const ofProfiles = { subject: { profiles: true }, traits: ["country"] };

function change(scene: Scene, name: string, traits: Record<string, unknown>): Promise<void> {
  const personId = scene.person(name);
  const known = world.fakes.persons.get(personId)?.traits ?? {};
  world.fakes.persons.set(personId, {
    identifiers: [`email:${personId}@example.com`],
    traits: { ...known, ...traits },
  });
  return world.profile({ personId, traits });
}

function countries(scene: Scene): unknown[] {
  return scene.hook.accepted
    .filter((one) => one.personId.endsWith(scene.name))
    .map((one) => one.body.data.person.traits["country"]);
}

describe("given a sync of profile changes", () => {
  test("when a named trait changes, then its person is sent as it is now; other traits are no news", async () => {
    const scene = await world.scene({ sync: ofProfiles });
    await change(scene, "ana", { country: "DE", shoe_size: 42 });
    await world.calm();
    await change(scene, "ana", { shoe_size: 43 });
    await world.calm();
    const sent = scene.hook.accepted.filter((one) => one.personId === scene.person("ana"));
    expect(sent.map((one) => one.body)).toMatchObject([
      {
        type: "profile.changed",
        data: {
          person: {
            identifiers: [{ namespace: "email" }],
            traits: { country: "DE" },
          },
        },
      },
    ]);
    expect(sent[0]!.body.data.person.traits).not.toHaveProperty("shoe_size");
    expect(sent[0]!.body.data).not.toHaveProperty("audience");
    await world.ask(`mutation { pauseSync(input: { name: "${scene.name}" }) { sync { state } } }`);
  });

  test("when changes come while the endpoint is down, then the latest state arrives once", async () => {
    const scene = await world.scene({ sync: ofProfiles });
    scene.hook.answer = () => 500;
    await change(scene, "ana", { country: "DE" });
    await world.calm();
    for (const country of ["PT", "FR", "IT"]) await change(scene, "ana", { country });
    scene.hook.answer = () => 200;
    await world.later(20_000);
    expect(countries(scene)).toEqual(["IT"]);
    await world.ask(`mutation { pauseSync(input: { name: "${scene.name}" }) { sync { state } } }`);
  });

  test("when a change comes while an earlier one is being rendered, then the later state arrives", async () => {
    const scene = await world.scene({ sync: ofProfiles });
    world.fakes.meanwhile = async () => {
      await change(scene, "ana", { country: "PT" });
      await world.platform.settle();
    };
    await change(scene, "ana", { country: "DE" });
    await world.calm();
    expect(countries(scene).at(-1)).toBe("PT");
    await world.ask(`mutation { pauseSync(input: { name: "${scene.name}" }) { sync { state } } }`);
  });

  test("when a change comes while one may have arrived, then it goes out under an id of its own", async () => {
    const scene = await world.scene({ sync: ofProfiles, settings: { timeoutMs: 200 } });
    scene.hook.answer = () => null;
    await change(scene, "ana", { country: "DE" });
    await world.until(async () => (await scene.ledger())[0]?.status === "RETRYING", "the timeout");
    await change(scene, "ana", { country: "PT" });
    await world.platform.settle();
    scene.hook.answer = () => 200;
    await world.later(20_000);
    expect(new Set(scene.hook.accepted.map((one) => one.id)).size).toBe(2);
    expect(countries(scene).at(-1)).toBe("PT");
    await world.ask(`mutation { pauseSync(input: { name: "${scene.name}" }) { sync { state } } }`);
  });

  test("when the person is merged away while a change may have arrived, then it is settled", async () => {
    const scene = await world.scene({ sync: ofProfiles, settings: { timeoutMs: 200 } });
    scene.hook.answer = () => null;
    await change(scene, "ana", { country: "DE" });
    await world.until(async () => (await scene.ledger())[0]?.status === "RETRYING", "the timeout");
    const from = scene.person("ana");
    await world.identity({ redirects: [{ from, to: scene.person("bo") }] });
    await world.platform.settle();
    scene.hook.answer = () => 200;
    await world.later(20_000);
    expect((await scene.ledger()).map((line) => line.status)).toEqual(["SUPERSEDED"]);
    await world.ask(`mutation { pauseSync(input: { name: "${scene.name}" }) { sync { state } } }`);
  });

  test("when the person does not consent, then it is withheld; on consent the latest state is sent", async () => {
    const scene = await world.scene({ sync: ofProfiles });
    await scene.deny("ana");
    await change(scene, "ana", { country: "DE" });
    await world.calm();
    await change(scene, "ana", { country: "PT" });
    await world.calm();
    expect(countries(scene)).toEqual([]);
    expect((await scene.ledger()).map((line) => line.status)).toEqual(["WITHHELD"]);
    await scene.grant("ana");
    await world.calm();
    expect(countries(scene)).toEqual(["PT"]);
  });
});
