/** A small seeded generator: the same story on every run. */
export function randomness(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    below: (n: number) => Math.floor(next() * n),
    pick: <T>(of: readonly T[]) => of[Math.floor(next() * of.length)]!,
  };
}
