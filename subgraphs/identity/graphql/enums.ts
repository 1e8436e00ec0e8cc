import { registerEnumType } from "type-graphql";

export enum IdentifierKindEnum {
  PERSON = "PERSON",
  DEVICE = "DEVICE",
  SESSION = "SESSION",
  ACCOUNT = "ACCOUNT",
}
registerEnumType(IdentifierKindEnum, {
  name: "IdentifierKind",
  description: "What an identifier stands for.",
  valuesConfig: {
    PERSON: { description: "A person: somebody can be addressed by it" },
    DEVICE: { description: "A device or browser, which several persons may use" },
    SESSION: { description: "One visit" },
    ACCOUNT: { description: "An organisation; never identifies a person" },
  },
});

export enum BandEnum {
  HIGH = "HIGH",
  MEDIUM = "MEDIUM",
  LOW = "LOW",
}
registerEnumType(BandEnum, {
  name: "Band",
  description: "How far a confidence is acted upon, by the policy's thresholds.",
  valuesConfig: {
    HIGH: { description: "Acts at once" },
    MEDIUM: { description: "Waits for a review" },
    LOW: { description: "Is only kept" },
  },
});

export enum EvidenceMethodEnum {
  DETERMINISTIC = "DETERMINISTIC",
  PROBABILISTIC = "PROBABILISTIC",
  HUMAN = "HUMAN",
}
registerEnumType(EvidenceMethodEnum, {
  name: "EvidenceMethod",
  description: "How it is known that two identifiers belong together.",
  valuesConfig: {
    DETERMINISTIC: { description: "They were named together" },
    PROBABILISTIC: { description: "A model finds their records alike" },
    HUMAN: { description: "Somebody decided so" },
  },
});

export enum IdentityChangeKindEnum {
  CREATE = "CREATE",
  LINK = "LINK",
  MERGE = "MERGE",
  SPLIT = "SPLIT",
  UNLINK = "UNLINK",
  ERASE = "ERASE",
}
registerEnumType(IdentityChangeKindEnum, {
  name: "IdentityChangeKind",
  description: "What a change did to persons.",
  valuesConfig: {
    CREATE: { description: "A new person" },
    LINK: { description: "New identifiers of a known person" },
    MERGE: { description: "Persons turned out to be one" },
    SPLIT: { description: "One person turned out to be several" },
    UNLINK: { description: "Identifiers went from one person to another" },
    ERASE: { description: "Identifiers were erased" },
  },
});

export enum ProfileChangeKindEnum {
  CREATED = "CREATED",
  IDENTIFIERS = "IDENTIFIERS",
  TRAITS = "TRAITS",
  MERGED = "MERGED",
  SPLIT = "SPLIT",
  DEVICES = "DEVICES",
  ACCOUNTS = "ACCOUNTS",
}
registerEnumType(ProfileChangeKindEnum, {
  name: "ProfileChangeKind",
  description: "What changed about a profile.",
  valuesConfig: {
    CREATED: { description: "The person is new" },
    IDENTIFIERS: { description: "Identifiers came or went" },
    TRAITS: { description: "Values of traits changed" },
    MERGED: { description: "Another person was merged into this one" },
    SPLIT: { description: "Some identifiers left this person" },
    DEVICES: { description: "Devices came or went" },
    ACCOUNTS: { description: "Memberships of accounts changed" },
  },
});
