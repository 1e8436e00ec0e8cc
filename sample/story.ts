import { SeededChance } from "./seeded-chance.ts";

/** The six systems of a sports brand that never spoke to each other. */
export const systems = ["crm", "lms", "commerce", "club", "app", "newsletter"] as const;
export type System = (typeof systems)[number];

/** What one system knows of one human: its own identifiers, traits, and what was done there. */
export interface Fragment {
  /** The human it truly is of; never sent. */
  human: number;
  system: System;
  userId?: string;
  anonymousId?: string;
  externalIds: { type: string; id: string }[];
  traits: Record<string, unknown>;
  events: { name: string; hoursAgo: number; properties: Record<string, unknown> }[];
}

export interface Story {
  /** Stands in every identifier and message id: stories told one after the other do not touch. */
  name: string;
  humans: number;
  fragments: Fragment[];
}

interface Human {
  number: number;
  /** Number and story: what the systems' own ids are made of. */
  id: string;
  given: string;
  family: string;
  email: string;
  secondEmail: string;
  phone: string;
  country: string;
}

const given = [
  "Ana",
  "Bruno",
  "Chiara",
  "Diego",
  "Elif",
  "Femi",
  "Greta",
  "Hugo",
  "Ines",
  "Jonas",
  "Kaya",
  "Liam",
  "Mina",
  "Noah",
  "Olga",
  "Pia",
  "Quinn",
  "Rosa",
  "Samir",
  "Tove",
];
const family = [
  "Sousa",
  "Rossi",
  "Schmidt",
  "Novak",
  "Yilmaz",
  "Okafor",
  "Lindqvist",
  "Moreau",
  "Garcia",
  "Kowalski",
  "Jansen",
  "Murphy",
  "Silva",
  "Fischer",
  "Petrov",
  "Hansen",
];
const countries = ["DE", "FR", "PT", "IT", "SE", "NL"];
const noReply = "noreply@sports-brand.example";

/**
 * A story of that many humans, in fragments: mail addresses written differently, a shared family tablet, a
 * `noreply@` typed into forms, the same human twice in the CRM. The same seed tells the same story.
 */
export function tellStory(humans: number, seed: number): Story {
  const chance = new SeededChance(seed);
  const name = `${humans}-${seed}`;
  const fragments: Fragment[] = [];
  for (let number = 0; number < humans; number += 1) {
    const human = makeHuman(number, { name, seed }, chance);
    for (const system of systems) {
      if (system === "crm" || chance.happens(presence[system])) {
        fragments.push(tellers[system](human, chance));
      }
    }
    // The CRM holds one human in fifty twice; its ids say "two", the address says "one".
    if (chance.happens(0.02)) fragments.push(tellers.crm(human, chance, "-again"));
  }
  return { name, humans, fragments: shuffled(fragments, chance) };
}

const humansPerBlock = 1_000_000;
const phoneBlocks = 89;

const presence: Record<System, number> = {
  crm: 1,
  lms: 0.25,
  commerce: 0.6,
  club: 0.35,
  app: 0.5,
  newsletter: 0.55,
};

function makeHuman(
  number: number,
  story: { name: string; seed: number },
  chance: SeededChance,
): Human {
  const [first, last] = [chance.pick(given), chance.pick(family)];
  const id = `${story.name}-${number}`;
  const handle = `${first}.${last}.${id}`.toLowerCase();
  // Eight digits: two of the story, six of the human.
  const digits = 10_000_000 + (Math.abs(story.seed) % phoneBlocks) * humansPerBlock + number;
  return {
    number,
    id,
    given: first,
    family: last,
    email: `${handle}@mail.example`,
    secondEmail: `${handle}@work.example`,
    phone: `+4915${String(digits)}`,
    country: chance.pick(countries),
  };
}

/** The address as people type it: another case, or the form's `noreply@`, or another address of theirs. */
function typedEmail(human: Human, chance: SeededChance): string {
  if (chance.happens(0.02)) return noReply;
  if (chance.happens(0.1)) return human.secondEmail;
  return chance.happens(0.3) ? human.email.toUpperCase() : human.email;
}

type Teller = (human: Human, chance: SeededChance, mark?: string) => Fragment;

const tellers: Record<System, Teller> = {
  crm: (human, _chance, mark = "") => ({
    human: human.number,
    system: "crm",
    externalIds: [{ type: "crm_contact_id", id: `003-${human.id}${mark}` }],
    traits: {
      first_name: human.given,
      last_name: human.family,
      email: human.email,
      phone: human.phone,
      country: human.country,
    },
    events: [],
  }),
  lms: (human, chance) => ({
    human: human.number,
    system: "lms",
    externalIds: [{ type: "lms_learner_id", id: `learner-${human.id}` }],
    traits: { email: typedEmail(human, chance) },
    events: [event("course_completed", chance, { course: chance.pick(["running", "strength"]) })],
  }),
  commerce: (human, chance) => ({
    human: human.number,
    system: "commerce",
    externalIds: [{ type: "commerce_customer_id", id: `customer-${human.id}` }],
    traits: { email: typedEmail(human, chance), phone: human.phone },
    events: shopping(chance),
  }),
  club: (human, chance) => ({
    human: human.number,
    system: "club",
    externalIds: [{ type: "member_id", id: `member-${human.id}` }],
    traits: chance.happens(0.5) ? { phone: human.phone } : { email: typedEmail(human, chance) },
    events: [event("check_in", chance, { club: chance.pick(["north", "south"]) })],
  }),
  app: (human, chance) => ({
    human: human.number,
    system: "app",
    userId: `u-${human.id}`,
    // Families share a tablet: two neighbours of the story, one device.
    anonymousId: `device-${chance.happens(0.05) ? neighbourOf(human) : human.id}`,
    externalIds: [],
    traits: { email: typedEmail(human, chance) },
    events: [event("workout_finished", chance, { minutes: 10 + chance.below(80) })],
  }),
  newsletter: (human, chance) => ({
    human: human.number,
    system: "newsletter",
    externalIds: [{ type: "subscription_id", id: `subscription-${human.id}` }],
    traits: { email: human.email, newsletter: chance.pick(["weekly", "monthly"]) },
    events: [],
  }),
};

/** Two neighbours of the story by the first of them. */
function neighbourOf({ id, number }: Human): string {
  return `${id.slice(0, id.length - String(number).length)}${number - (number % 2)}`;
}

function shopping(chance: SeededChance): Fragment["events"] {
  const total = 20 + chance.below(20_000) / 100;
  const cart = event("cart_updated", chance, { total });
  return chance.happens(0.5)
    ? [cart, { name: "order_completed", hoursAgo: cart.hoursAgo, properties: { total } }]
    : [cart];
}

function event(name: string, chance: SeededChance, properties: Record<string, unknown>) {
  return { name, hoursAgo: chance.below(72), properties };
}

function shuffled<T>(values: T[], chance: SeededChance): T[] {
  for (let end = values.length - 1; end > 0; end -= 1) {
    const other = chance.below(end + 1);
    [values[end], values[other]] = [values[other]!, values[end]!];
  }
  return values;
}
