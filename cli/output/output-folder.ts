import { once } from "node:events";
import { constants, createWriteStream } from "node:fs";
import { access, mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { finished } from "node:stream/promises";
import { InputError } from "../input/input-error.ts";

/** The folder that is there already on the way to a path; fails where the way leads through a file. */
async function nearestExisting(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return nearestExisting(dirname(path));
  if (!found.isDirectory()) throw new InputError(`--output: ${path} is a file, not a folder`);
  return path;
}

/** Collects files in a folder beside the target and moves them there when all are whole. */
export class OutputFolder {
  readonly #target: string;
  readonly #partial: string;
  readonly #names: string[] = [];

  constructor(target: string) {
    this.#target = resolve(target);
    this.#partial = join(
      dirname(this.#target),
      `.${basename(this.#target)}.partial-${process.pid}`,
    );
  }

  /** Fails before any work is done when results could not be put there. */
  async check(): Promise<void> {
    const found = await stat(this.#target).catch(() => undefined);
    if (found !== undefined && !found.isDirectory()) {
      throw new InputError(`--output ${this.#target}: a file of that name is in the way`);
    }
    const place = found === undefined ? await nearestExisting(dirname(this.#target)) : this.#target;
    await access(place, constants.W_OK).catch((cause: Error) => {
      throw new InputError(`--output ${this.#target}: cannot be written: ${cause.message}`);
    });
  }

  async write(name: string, lines: Iterable<string>): Promise<void> {
    await mkdir(this.#partial, { recursive: true });
    const stream = createWriteStream(join(this.#partial, name), "utf8");
    const done = finished(stream);
    for (const line of lines) {
      if (!stream.write(line)) await once(stream, "drain");
    }
    stream.end();
    await done;
    this.#names.push(name);
  }

  /** Puts the results in place. */
  async publish(): Promise<void> {
    await mkdir(this.#target, { recursive: true });
    for (const name of this.#names)
      await rename(join(this.#partial, name), join(this.#target, name));
    await this.discard();
  }

  async discard(): Promise<void> {
    await rm(this.#partial, { recursive: true, force: true });
  }
}
