import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { OperationRequest } from "../execution/run-operation.ts";

/** Reads `{ query, operationName, variables }`. Throws BAD_INPUT when it has another form. */
export function readOperation(body: unknown): OperationRequest {
  if (Array.isArray(body)) throw badInput("Send one operation at a time; batches are not taken.");
  if (!isRecord(body)) throw badInput("The body is an object with `query`.");
  const { query, operationName, variables } = body;
  if (typeof query !== "string") throw badInput("`query` must be a text with the document.");
  if (!isAbsent(operationName) && typeof operationName !== "string") {
    throw badInput("`operationName` must be a text.");
  }
  if (!isAbsent(variables) && !isRecord(variables)) {
    throw badInput("`variables` must be an object.");
  }
  return {
    query,
    operationName: operationName ? String(operationName) : undefined,
    variables: isRecord(variables) ? variables : {},
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function badInput(message: string): DomainError {
  return new DomainError("BAD_INPUT", message);
}
