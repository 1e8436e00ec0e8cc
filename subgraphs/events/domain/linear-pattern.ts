/** Steps that a pattern may have once its repetitions are written out: a check costs at most so many per character. */
export const patternStepsMax = 1_000;

/** A part of a pattern that a quantifier may follow, and what it costs. */
interface Part {
  text: string;
  steps: number;
}

const groupStart = /\((?:\?(?:[a-z-]*:|<(?![=!])[^>]*>|<?[=!]))?/y;
const characterClass = /\[(?:\\.|[^\]\\])*\]/sy;
const escape = /\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z]|.)/isy;
const quantifier = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y;
const isBackReference = /^\\[1-9k]/;
const isLookAround = /^\(\?<?[=!]/;

/**
 * A valid pattern that matches the same texts, with counted repetitions (`{2,40}`) written out: engines of
 * linear time take no large ones. Groups capture nothing any more. Null when it has look-around or
 * back-references, or more than `patternStepsMax` steps.
 */
export function linearPattern(pattern: string): string | null {
  const reader = new PatternReader(pattern);
  const part = reader.alternatives();
  return part === null || part.steps > patternStepsMax ? null : part.text;
}

class PatternReader {
  private readonly pattern: string;
  private at = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  /** Up to the end of the group or of the pattern. */
  alternatives(): Part | null {
    const whole: Part = { text: "", steps: 0 };
    while (this.at < this.pattern.length && this.pattern[this.at] !== ")") {
      const part = this.pattern[this.at] === "|" ? this.character() : this.term();
      if (part === null) return null;
      whole.text += part.text;
      whole.steps += part.steps;
    }
    return whole;
  }

  private term(): Part | null {
    const atom = this.atom();
    const found = atom && this.take(quantifier);
    if (!atom || !found) return atom;
    const [text, least, comma, most] = found;
    if (least === undefined) return { text: atom.text + text, steps: atom.steps };
    const min = Number(least);
    return repeat(atom, min, comma ? (most ? Number(most) : Number.POSITIVE_INFINITY) : min);
  }

  private atom(): Part | null {
    if (this.pattern[this.at] === "(") return this.group();
    const found = this.take(characterClass) ?? this.take(escape);
    if (!found) return this.character();
    return isBackReference.test(found[0]) ? null : { text: found[0], steps: 1 };
  }

  private group(): Part | null {
    const start = this.take(groupStart)![0];
    const inner = isLookAround.test(start) ? null : this.alternatives();
    if (inner === null) return null;
    this.at += 1;
    const isCapturing = start === "(" || start.startsWith("(?<");
    return { text: `${isCapturing ? "(?:" : start}${inner.text})`, steps: inner.steps + 1 };
  }

  /** A brace that counts nothing is marked as such: beside what is written out it might begin to. */
  private character(): Part {
    const text = this.pattern[this.at]!;
    this.at += 1;
    return { text: text === "{" || text === "}" ? `\\${text}` : text, steps: 1 };
  }

  private take(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.at;
    const found = expression.exec(this.pattern);
    if (found) this.at = expression.lastIndex;
    return found;
  }
}

/** So many copies, the last of them optional or endless. Null when that is too much. */
function repeat({ text, steps }: Part, min: number, max: number): Part | null {
  const isEndless = max === Number.POSITIVE_INFINITY;
  const copies = isEndless ? min + 1 : max;
  if (copies * steps > patternStepsMax) return null;
  const rest = isEndless ? `${text}*` : `${text}?`.repeat(max - min);
  return { text: text.repeat(min) + rest || "(?:)", steps: copies * steps };
}
