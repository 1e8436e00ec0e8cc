import type { ReadSettings } from "../kernel/config/read-together.ts";
import { readActivationConfig } from "../subgraphs/activation/config.ts";
import { readGatewayConfig } from "./config.ts";

/** Settings of parts beside the kernel's: checked before anything is opened. */
export const allSettings: readonly ReadSettings[] = [readGatewayConfig, readActivationConfig];
