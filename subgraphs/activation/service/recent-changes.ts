const keptMax = 10_000;

/**
 * Kinds of recent identity changes by id, for the lineage of deliveries; bounded, oldest forgotten.
 */
export class RecentChanges {
  private readonly kinds = new Map<string, string>();

  note(id: string, kind: string): void {
    this.kinds.set(id, kind);
    if (this.kinds.size <= keptMax) return;
    for (const oldest of this.kinds.keys()) {
      this.kinds.delete(oldest);
      break;
    }
  }

  kindOf(id: string | null): string | null {
    return id === null ? null : (this.kinds.get(id) ?? null);
  }
}
