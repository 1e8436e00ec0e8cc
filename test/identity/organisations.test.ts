import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Scope } from "../../kernel/security/scopes.ts";
import { isCompanyDomain } from "../../subgraphs/identity/domain/free-mail.ts";
import { companyDomainsOf, readGroupId } from "../../subgraphs/identity/domain/organisation.ts";
import { IdentityWorld, type Saying, unique } from "./identity-world.ts";

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

interface Account {
  groupId: string;
  kind: string;
  name: string | null;
  domains: string[];
  parent: { groupId: string } | null;
  children: { nodes: { groupId: string }[] };
  members: { nodes: { id: string }[] };
}

interface Membership {
  account: Account;
  method: string;
  role: string | null;
  confidence: number;
  band: string;
  source: { name: string };
  statements: { source: { name: string }; role: string | null }[];
}

interface Person {
  id: string;
  accounts: { nodes: Membership[] };
  households: { nodes: Membership[] };
}

const fields = `nodes { method role confidence band source { name }
  statements { source { name } role }
  account { groupId kind name domains parent { groupId } children { nodes { groupId } }
    members { nodes { id } } } }`;

async function read(namespace: string, value: string): Promise<Person> {
  const { person } = await world.ask<{ person: Person }>(
    `query ($by: PersonBy!) { person(by: $by) { id
      accounts(first: 50) { ${fields} } households(first: 50) { ${fields} } } }`,
    { by: { identifier: { namespace, value } } },
  );
  return person;
}

function group(ids: Saying["ids"], groupId: string, traits: object, more: Partial<Saying> = {}) {
  const traitsOfGroup = traits as Record<string, unknown>;
  return { type: "GROUP" as const, ids, groupId, traits: traitsOfGroup, ...more };
}

describe("organisations", () => {
  test("given group calls with a hierarchy and a workspace, when a person is read, then each account has its place, kind, domains and members", async () => {
    const [user, holding, company, tenant] = ["u", "holding", "company", "tenant"].map(unique);
    await world.accept(
      group({ user_id: user! }, tenant!, { type: "workspace", accountId: company }),
      group({ user_id: user! }, company!, {
        name: "Acme",
        parentId: holding,
        domain: "Acme-Sports.example",
        website: "https://www.acme.example/shop",
      }),
      group({ user_id: unique("u") }, holding!, { name: "Acme Holding" }),
    );
    const { id, accounts, households } = await read("user_id", user!);
    expect(households.nodes).toEqual([]);
    const byId = Object.fromEntries(accounts.nodes.map((node) => [node.account.groupId, node]));
    expect(byId[company!]!.account).toEqual({
      groupId: company,
      kind: "ORGANISATION",
      name: "Acme",
      domains: ["acme-sports.example", "acme.example"],
      parent: { groupId: holding },
      children: { nodes: [{ groupId: tenant }] },
      members: { nodes: [{ id }] },
    });
    expect(byId[tenant!]!.account).toMatchObject({
      kind: "WORKSPACE",
      parent: { groupId: company },
      children: { nodes: [] },
    });
    expect(byId[tenant!]).toMatchObject({ method: "STATED", confidence: 1, band: "HIGH" });
  });

  test("given several sources that name roles in any order, when a person is read, then the role said last counts and each source's word is shown", async () => {
    const [user, acme] = [unique("u"), unique("g")];
    const ids = { user_id: user };
    await world.accept(
      group(ids, acme, { role: "guest" }, { source: "crm", at: "2026-03-01T00:00:00.000Z" }),
      group(ids, acme, {}, { source: "crm", at: "2026-03-05T00:00:00.000Z" }),
    );
    await world.accept(
      group(ids, acme, { role: "owner" }, { source: "web", at: "2026-03-04T00:00:00.000Z" }),
      group(ids, acme, { role: "admin" }, { source: "crm", at: "2026-03-02T00:00:00.000Z" }),
    );
    const [membership] = (await read("user_id", user)).accounts.nodes;
    expect(membership).toMatchObject({ role: "owner", source: { name: "crm" } });
    expect(membership!.statements).toEqual([
      { source: { name: "crm" }, role: "admin" },
      { source: { name: "web" }, role: "owner" },
    ]);
  });

  test("given an account with a company domain, when somebody has an address there, then the membership is of medium confidence, and never for a public provider", async () => {
    const domain = `${unique("corp")}.example`;
    const acme = unique("g");
    const mail = (at: string) => `${unique("e")}@${at}`;
    const [boss, clerk, branch, private_] = [
      mail(domain),
      mail(domain),
      mail(`mail.${domain}`),
      mail("gmail.com"),
    ];
    await world.accept(
      group({ email: boss }, acme, { domains: [domain, "gmail.com"], role: "owner" }),
      { ids: { email: clerk }, source: "crm" },
      { ids: { email: branch } },
      { ids: { email: private_ } },
    );
    for (const address of [clerk, branch]) {
      expect((await read("email", address)).accounts.nodes).toMatchObject([
        { account: { groupId: acme }, method: "EMAIL_DOMAIN", band: "MEDIUM", role: null },
      ]);
    }
    expect((await read("email", boss)).accounts.nodes).toMatchObject([
      { method: "STATED", band: "HIGH", role: "owner" },
    ]);
    expect((await read("email", private_)).accounts.nodes).toEqual([]);
    const persons = [boss, clerk].map((address) => world.personOf("email", address));
    expect(new Set(await Promise.all(persons)).size).toBe(2);
  });

  test("given unusable group ids, when they are sent, then nobody becomes a member and the event still counts", async () => {
    const user = unique("u");
    for (const groupId of ["", "  ", "x".repeat(513), "a\u0000b", "\ud800"]) {
      await world.accept(group({ user_id: user }, groupId, { name: "X" }));
    }
    expect((await read("user_id", user)).accounts.nodes).toEqual([]);
  });
});

describe("households", () => {
  const home = (last: string, street: string) => ({
    last_name: last,
    address: { street, postalCode: "4000-123", city: "Porto" },
  });

  test("given people of one name at one address, when they are read, then they share a household and stay two persons; who moves leaves it", async () => {
    const [ana, rui, eva, neighbour] = ["u", "u", "u", "u"].map(unique);
    const street = `${unique("Rua")} 7`;
    const says = (
      user: string,
      traits: Record<string, unknown>,
      at = "2026-01-01T00:00:00.000Z",
    ) => ({
      ids: { user_id: user },
      traits,
      at,
    });
    await world.accept(
      says(ana!, home("Sousa", street)),
      says(rui!, home("SOUSA", street.toUpperCase())),
      says(eva!, home("Sousa", street)),
      says(neighbour!, home("Costa", street)),
      says(eva!, home("Sousa", `${unique("Avenida")} 9`), "2026-02-01T00:00:00.000Z"),
    );
    const [a, r, e, n] = await Promise.all(
      [ana, rui, eva, neighbour].map((u) => read("user_id", u!)),
    );
    expect(a!.accounts.nodes).toEqual([]);
    expect(a!.households.nodes).toMatchObject([
      { method: "SHARED_HOME", band: "MEDIUM", account: { kind: "HOUSEHOLD", name: null } },
    ]);
    const of = (person: Person) => person.households.nodes[0]?.account.groupId;
    expect(of(r!)).toBe(of(a!));
    expect(of(n!)).not.toBe(of(a!));
    expect(e!.households.nodes).toHaveLength(1);
    expect(of(e!)).not.toBe(of(a!));
    expect(new Set([a!.id, r!.id, e!.id, n!.id]).size).toBe(4);
    expect(of(a!)).not.toMatch(/sousa|rua/i);
  });

  test("given a group call of type household, when its people are read, then the household is sure", async () => {
    const [ana, family] = [unique("u"), unique("family")];
    await world.accept(group({ user_id: ana }, family, { type: "household", name: "Sousa" }));
    expect((await read("user_id", ana)).households.nodes).toMatchObject([
      { method: "STATED", band: "HIGH", account: { groupId: family, name: "Sousa" } },
    ]);
  });

  test("given names of accounts, when they are read without pii:read, then a family's is masked, and an address within another's", async () => {
    const user = unique("u");
    await world.accept(
      group({ user_id: user }, unique("family"), { type: "household", name: "Sousa" }),
      group({ user_id: user }, unique("firm"), { name: "Shop of ana@example.com" }),
    );
    const document = `query ($value: String!) {
      person(by: { identifier: { namespace: "user_id", value: $value } }) {
        accounts { nodes { account { name } } } households { nodes { account { name } } } } }`;
    const asked = (...scopes: Scope[]) => world.ask(document, { value: user }, scopes);
    const named = (family: string, firm: string) => ({
      person: {
        accounts: { nodes: [{ account: { name: firm } }] },
        households: { nodes: [{ account: { name: family } }] },
      },
    });
    expect(await asked("profiles:read")).toEqual(named("S•••", "Shop of a•••"));
    expect(await asked("profiles:read", "pii:read")).toEqual(
      named("Sousa", "Shop of ana@example.com"),
    );
  });
});

describe("what a text says", () => {
  test("given any text as a group id, when it is read, then it is storable and bounded, or nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
        const groupId = readGroupId(text);
        if (groupId === null) return;
        expect(groupId.isWellFormed() && !groupId.includes("\u0000")).toBe(true);
        expect(groupId.length).toBeLessThanOrEqual(512);
        expect(readGroupId(groupId)).toBe(groupId);
      }),
    );
  });

  test("given addresses of public providers anywhere in the world, when their domains are read, then they name no company", () => {
    const free =
      "gmail.com yahoo.co.uk yahoo.com.br hotmail.fr outlook.pt live.nl gmx.de icloud.com";
    const more =
      "qq.com mail.ru orange.fr t-online.de comcast.net sapo.pt proton.me naver.com web.de";
    for (const domain of `${free} ${more}`.split(" ")) {
      expect([domain, isCompanyDomain(domain)]).toEqual([domain, false]);
      expect(companyDomainsOf(`a@${domain}`)).toEqual([]);
    }
    expect(companyDomainsOf("ana@eu.acme.co")).toEqual(["eu.acme.co", "acme.co"]);
    expect(companyDomainsOf("ana@shop.acme.co.uk")).toEqual(["shop.acme.co.uk", "acme.co.uk"]);
    expect(companyDomainsOf("ana@x.gmail.com")).toEqual(["x.gmail.com"]);
    expect(isCompanyDomain("livenation.com")).toBe(true);
  });
});
