import { EventEmitter } from "node:events";
import type { WakeUps } from "./database.ts";

/** Wake-ups inside one process: enough where the database is embedded. */
export class LocalWakeUps implements WakeUps {
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  wake(topic: string): void {
    this.emitter.emit(topic);
  }

  onWake(topic: string, listener: () => void): () => void {
    this.emitter.on(topic, listener);
    return () => this.emitter.off(topic, listener);
  }
}
