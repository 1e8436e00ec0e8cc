import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readConfig } from "../../kernel/config/read-config.ts";
import { openPostgresDatabase } from "../../kernel/database/postgres-database.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { type RunningPlatform, startPlatform } from "../../kernel/module/start-platform.ts";
import { audiencesModule } from "../../subgraphs/audiences/module.ts";
import { AudienceWorld, hourMs } from "./audience-world.ts";

const url = process.env.TEST_DATABASE_URL;

describe("two processes on one PostgreSQL", () => {
  let world: AudienceWorld;
  let other: RunningPlatform;
  beforeAll(async () => {
    if (!url) throw new Error("this test needs TEST_DATABASE_URL");
    world = await AudienceWorld.start();
    const [row] = await world.platform.database.query<{ name: string }>(
      "select current_database() as name",
    );
    const own = new URL(url!);
    own.pathname = `/${row!.name}`;
    const logger = createLogger("silent");
    other = await startPlatform({
      config: readConfig({ LOG_LEVEL: "silent" }),
      logger,
      modules: [audiencesModule],
      clock: world.clock,
      database: await openPostgresDatabase(own.href, logger),
    });
  }, 120_000);
  afterAll(async () => {
    await other?.stop();
    await world?.stop();
  });

  test("given both consume, expire and activate at once, when all is done, then nothing is lost or doubled", async () => {
    const count = 120;
    const at = world.clock.now().getTime();
    await world.audience("visitors", { event: { name: "visit", within: "PT1H" } });
    const activated: Promise<void>[] = [];
    for (let index = 0; index < count; index += 1) {
      const person = `person_${String(index).padStart(3, "0")}`;
      await world.create(person, `user_id:${index}`);
      await world.happen({ key: `user_id:${index}`, person, name: "visit" });
      if (index % 3 === 0) await world.traits(person, { tier: "gold" });
      if (index === 40 || index === 80) {
        const gold = { trait: { name: "tier", is: { equals: "gold" } } };
        activated.push(world.audience(`gold-${index}`, gold));
      }
    }
    await Promise.all(activated);
    expect(await world.members("visitors")).toHaveLength(count);
    expect(await world.members("gold-40")).toHaveLength(count / 3);
    expect(await world.members("gold-80")).toHaveLength(count / 3);
    await world.advanceTo(at + hourMs);
    expect(await world.members("visitors")).toEqual([]);
    const exits = (await world.feed("visitors")).slice(count);
    expect(exits.every((each) => each.occurredAt === new Date(at + hourMs).toISOString())).toBe(
      true,
    );
  });
});
