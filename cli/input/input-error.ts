/** Where in the input something is wrong; line and column count from 1. */
export interface InputPlace {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** The input cannot be used; the message tells the person at the keyboard what to mend and where. */
export class InputError extends Error {
  readonly place: InputPlace;

  constructor(message: string, place: InputPlace = {}) {
    const parts = [
      ...(place.file === undefined ? [] : [place.file]),
      ...(place.line === undefined ? [] : [`line ${place.line}`]),
      ...(place.column === undefined ? [] : [`column ${place.column}`]),
    ];
    super(parts.length === 0 ? message : `${parts.join(", ")}: ${message}`);
    this.name = "InputError";
    this.place = place;
  }
}
