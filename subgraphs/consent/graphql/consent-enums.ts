import { registerEnumType } from "type-graphql";

export { ConsentOutcome as OutcomeEnum } from "../../../kernel/federation/consent-outcome.ts";

export enum StatementKindEnum {
  GRANT = "GRANT",
  WITHDRAW = "WITHDRAW",
}

registerEnumType(StatementKindEnum, {
  name: "ConsentKind",
  description: "What a statement says.",
  valuesConfig: {
    GRANT: { description: "The use is allowed." },
    WITHDRAW: { description: "The use is refused, or an earlier consent is taken back." },
  },
});

export enum LawfulBasisEnum {
  CONSENT = "CONSENT",
  CONTRACT = "CONTRACT",
  LEGITIMATE_INTEREST = "LEGITIMATE_INTEREST",
}

registerEnumType(LawfulBasisEnum, {
  name: "LawfulBasis",
  description: "Why a use is lawful.",
  valuesConfig: {
    CONSENT: { description: "The person said yes; silence denies." },
    CONTRACT: { description: "It is needed for a contract; only suppressions stop it." },
    LEGITIMATE_INTEREST: { description: "It is allowed until the person objects." },
  },
});

export enum SuppressionReasonEnum {
  HARD_BOUNCE = "HARD_BOUNCE",
  COMPLAINT = "COMPLAINT",
  UNSUBSCRIBE = "UNSUBSCRIBE",
  STOP = "STOP",
  MANUAL = "MANUAL",
}

registerEnumType(SuppressionReasonEnum, {
  name: "SuppressionReason",
  description: "Why nothing may go to an address.",
  valuesConfig: {
    HARD_BOUNCE: { description: "The address does not exist." },
    COMPLAINT: { description: "A message was reported as spam." },
    UNSUBSCRIBE: { description: "Somebody unsubscribed; messages a contract needs still go." },
    STOP: { description: "Somebody answered STOP." },
    MANUAL: { description: "An operator decided so." },
  },
});

export enum OperationEnum {
  ADD = "ADD",
  REMOVE = "REMOVE",
}

registerEnumType(OperationEnum, {
  name: "ConsentOperation",
  description: "Which way data goes.",
  valuesConfig: {
    ADD: { description: "Somebody is told about the person, or the person is contacted." },
    REMOVE: { description: "The person is taken out; always allowed." },
  },
});
